// Package aws has what programs use of pulumi-aws's package of that name.
package aws

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Provider is an AWS provider.
type Provider struct {
	pulumi.ProviderResourceState
}

// ProviderArgs are a provider's arguments.
type ProviderArgs struct {
	Region pulumi.StringInput
}

// NewProvider registers a provider.
func NewProvider(ctx *pulumi.Context, name string, args *ProviderArgs, opts ...pulumi.ResourceOption) (*Provider, error) {
	var provider Provider
	err := ctx.RegisterResource("pulumi:providers:aws", name, pulumi.Map{"region": args.Region}, &provider, opts...)
	return &provider, err
}
