// Package parts has components.
package parts

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/s3"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Site is a component.
type Site struct {
	pulumi.ResourceState
}

// NewSite makes one.
func NewSite(ctx *pulumi.Context, name string) (*Site, error) {
	var site Site
	if err := ctx.RegisterComponentResource("shop:index:Site", name, &site); err != nil {
		return nil, err
	}
	if _, err := s3.NewBucket(ctx, "pages", nil, pulumi.Parent(&site)); err != nil {
		return nil, err
	}
	return &site, nil
}
