package main

func aggressionScenes(*story) []scene { return nil }
