// Command hollow-kubelet is kubemark's hollow node: a kubelet's real code over a pretended container runtime. It registers,
// reports and renews its Node as a kubelet does, and starts nothing on the host. Its port listens on all interfaces.
package main

import (
	"io"
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kubemark/app"
)

func main() {
	// As the servers beside it: it ends with whoever holds our standard input.
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	os.Exit(cli.Run(app.NewHollowNodeCommand()))
}
