//go:build tools

// Package tests names what is built of upstream's module, so that `go mod tidy` keeps what it needs.
package tests

import (
	_ "sigs.k8s.io/network-policy-api/conformance"
	_ "sigs.k8s.io/network-policy-api/conformance/tests"
)
