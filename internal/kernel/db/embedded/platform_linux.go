package embedded

import "syscall"

// endWithParent makes the kernel ask for a fast shutdown when this process ends, however it ends.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }

// memoryDir is a directory of files in memory with this many bytes free, empty when there is none.
func memoryDir(room uint64) string {
	const dir = "/dev/shm"
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil || stat.Bavail*uint64(stat.Bsize) < room {
		return ""
	}
	// 2 is W_OK: a read-only mount counts as absent.
	if syscall.Access(dir, 2) != nil {
		return ""
	}
	return dir
}
