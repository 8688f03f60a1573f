// Command cyclonus-cases runs the test cases that cyclonus generates, chosen by their numbers, and prints a line of JSON for each.
// The cases, the pods, the probes, and what is expected of each probe are cyclonus' own. Its own program `generate` chooses by
// tags alone, and starts a program in a pod for each of some hundred probes a case; this one has its worker in the pods make them.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mattfenwick/cyclonus/pkg/connectivity"
	"github.com/mattfenwick/cyclonus/pkg/connectivity/probe"
	"github.com/mattfenwick/cyclonus/pkg/generator"
	"github.com/mattfenwick/cyclonus/pkg/kube"
	v1 "k8s.io/api/core/v1"
)

// A generated case, and what became of it where it was run. Case is its number among all that cyclonus generates.
type line struct {
	Case        int      `json:"case"`
	Description string   `json:"description"`
	Tags        []string `json:"tags"`
	Passed      bool     `json:"passed"`
	// What kept it from running to its end.
	Error       string  `json:"error,omitempty"`
	StartedAtMs int64   `json:"startedAtMs,omitempty"`
	Seconds     float64 `json:"seconds"`
}

var (
	namespaces = []string{"x", "y", "z"}
	pods       = []string{"a", "b", "c"}
	ports      = []int{80, 81}
)

func main() {
	list := flag.Bool("list", false, "only list the cases")
	numbers := flag.String("cases", "", "the cases to run, by their numbers, with commas")
	protocols := flag.String("protocols", "TCP,UDP,SCTP", "what the pods serve and are probed by")
	retries := flag.Int("retries", 2, "how often a probe that disagrees is repeated")
	wait := flag.Int("wait-seconds", 1, "how long to wait after a change before probing")
	flag.Parse()
	if *list {
		for index, testCase := range casesFor("192.0.2.1") {
			tell("case", describe(index+1, testCase))
		}
		return
	}
	chosen, err := numbersIn(*numbers)
	if err == nil {
		err = run(chosen, protocolsIn(*protocols), *retries, *wait)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// All that cyclonus generates. Some cases are about an address: that of a pod.
func casesFor(address string) []*generator.TestCase {
	cases := generator.NewTestCaseGenerator(true, address, namespaces, nil, nil).GenerateTestCases()
	for _, testCase := range cases {
		for _, step := range testCase.Steps {
			// Names of Services would need DNS.
			step.Probe.Mode = generator.ProbeModePodIP
		}
	}
	return cases
}

func run(chosen []int, protocols []v1.Protocol, retries int, wait int) error {
	const podSeconds = 120
	const byWorker = true
	kubernetes, err := kube.NewKubernetesForContext("")
	if err != nil {
		return err
	}
	resources, err := probe.NewDefaultResources(kubernetes, namespaces, pods, ports, protocols, nil, podSeconds, byWorker, "")
	if err != nil {
		return err
	}
	addressed, err := resources.GetPod("z", "c")
	if err != nil {
		return err
	}
	// What a pod sends to its own address never leaves it, whatever policies say; cyclonus' expectation knows nothing of it.
	const ignoreLoopback = true
	interpreter := connectivity.NewInterpreter(kubernetes, resources, &connectivity.InterpreterConfig{
		ResetClusterBeforeTestCase:       true,
		VerifyClusterStateBeforeTestCase: true,
		KubeProbeRetries:                 retries,
		PerturbationWaitSeconds:          wait,
		BatchJobs:                        byWorker,
		IgnoreLoopback:                   ignoreLoopback,
	})
	printer := &connectivity.Printer{IgnoreLoopback: ignoreLoopback}
	for index, testCase := range casesFor(addressed.IP) {
		if !slices.Contains(chosen, index+1) {
			continue
		}
		done := describe(index+1, testCase)
		started := time.Now()
		tell("start", done)
		result := interpreter.ExecuteTestCase(testCase)
		if result.Err != nil {
			done.Error = result.Err.Error()
		} else {
			printer.PrintTestCaseResult(result)
			done.Passed = result.Passed(ignoreLoopback)
		}
		done.StartedAtMs = started.UnixMilli()
		done.Seconds = time.Since(started).Seconds()
		tell("end", done)
	}
	return nil
}

func describe(number int, testCase *generator.TestCase) line {
	return line{Case: number, Description: testCase.Description, Tags: testCase.Tags.Keys()}
}

// Writes a line among cyclonus' own.
func tell(what string, of line) {
	text, err := json.Marshal(of)
	if err != nil {
		panic(err)
	}
	fmt.Printf("podwall-%s %s\n", what, text)
}

func numbersIn(text string) ([]int, error) {
	var numbers []int
	for _, word := range strings.Split(text, ",") {
		number, err := strconv.Atoi(word)
		if err != nil {
			return nil, fmt.Errorf("-cases %q: write numbers with commas", text)
		}
		numbers = append(numbers, number)
	}
	return numbers, nil
}

func protocolsIn(text string) []v1.Protocol {
	var protocols []v1.Protocol
	for _, word := range strings.Split(text, ",") {
		protocols = append(protocols, v1.Protocol(word))
	}
	return protocols
}
