// Command kube is a whole Kubernetes control plane for tests in one binary, since one link is cheaper than six and most of
// the code is shared. Its first argument picks the component.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

// components run with os.Args as if the binary bore their name.
var components = map[string]func(){
	"etcd":                    server(func() { etcdmain.Main(os.Args) }),
	"kube-apiserver":          server(kubernetes(func() *cobra.Command { return apiserver.NewAPIServerCommand() })),
	"kube-controller-manager": server(kubernetes(controllermanager.NewControllerManagerCommand)),
	"kube-scheduler":          server(kubernetes(func() *cobra.Command { return scheduler.NewSchedulerCommand() })),
	"kwok":                    server(runKwok),
	"kwok-stages":             printKwokStages,
	"kubectl":                 kubernetes(kubectl.NewDefaultKubectlCommand),
}

func main() {
	if len(os.Args) > 1 {
		if run, known := components[os.Args[1]]; known {
			os.Args = os.Args[1:]
			run()
			return
		}
	}
	names := make([]string, 0, len(components))
	for name := range components {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintf(os.Stderr, "usage: %s %s [flags]\n", os.Args[0], strings.Join(names, "|"))
	os.Exit(2)
}

// server ends with whoever holds our standard input, however that one ends: a test that is killed leaves nothing behind.
func server(run func()) func() {
	return func() {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			os.Exit(1)
		}()
		run()
	}
}

// kubernetes makes the command only when it runs: making one registers flags and metrics for the whole process.
func kubernetes(command func() *cobra.Command) func() {
	return func() { os.Exit(cli.Run(command())) }
}
