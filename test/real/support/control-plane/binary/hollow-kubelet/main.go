// Command hollow-kubelet is kubemark's hollow node: a kubelet's real code over a pretended container runtime. It registers,
// reports and renews its Node as a kubelet does, and starts nothing on the host. Its port listens on all interfaces.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kubemark/app"
)

func main() { os.Exit(cli.Run(app.NewHollowNodeCommand())) }
