//go:build !linux

package embedded

import "syscall"

// endWithParent does nothing: only Linux tells a process that its parent has ended. A server that
// is left behind is used by the next start.
func endWithParent(*syscall.SysProcAttr) {}

// memoryDir is empty: there is no directory of files in memory that can be relied on.
func memoryDir(uint64) string { return "" }
