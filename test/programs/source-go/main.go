package main

import (
	"example.com/shop/infra/parts"
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/s3"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		uploads, err := s3.NewBucket(ctx, "uploads", &s3.BucketArgs{})
		if err != nil {
			return err
		}
		_ = uploads
		for _, team := range []string{"a", "b"} {
			if _, err := s3.NewBucket(ctx, "team-"+team, nil); err != nil {
				return err
			}
		}
		_, err = parts.NewSite(ctx, "docs")
		return err
	})
}
