package server

func (s *server) docs(routes) {}
