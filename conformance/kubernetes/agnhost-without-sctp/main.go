// Command agnhost-without-sctp stands in for agnhost where the kernel has no SCTP sockets. An SCTP server ends there, and its
// pod is never ready; this one sleeps, so that whatever needs no SCTP can be tested. All else is agnhost itself.
package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

func main() {
	args := append([]string{"agnhost"}, os.Args[1:]...)
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "SERVE_SCTP_PORT_") {
			args = []string{"agnhost", "pause"}
		}
	}
	err := syscall.Exec("/agnhost.real", args, os.Environ())
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
