// Package s3 has what this program uses of pulumi-aws's package of that name, which takes minutes to compile.
package s3

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Bucket is an S3 bucket.
type Bucket struct {
	pulumi.CustomResourceState

	Bucket pulumi.StringOutput `pulumi:"bucket"`
}

// BucketArgs are a bucket's arguments.
type BucketArgs struct{}

// NewBucket registers a bucket.
func NewBucket(ctx *pulumi.Context, name string, args *BucketArgs, opts ...pulumi.ResourceOption) (*Bucket, error) {
	var bucket Bucket
	err := ctx.RegisterResource("aws:s3/bucket:Bucket", name, pulumi.Map{}, &bucket, opts...)
	return &bucket, err
}

// BucketPublicAccessBlock is the public access block of a bucket.
type BucketPublicAccessBlock struct {
	pulumi.CustomResourceState
}

// BucketPublicAccessBlockArgs are its arguments.
type BucketPublicAccessBlockArgs struct {
	Bucket                pulumi.StringInput
	BlockPublicAcls       pulumi.BoolPtrInput
	IgnorePublicAcls      pulumi.BoolPtrInput
	BlockPublicPolicy     pulumi.BoolPtrInput
	RestrictPublicBuckets pulumi.BoolPtrInput
	SkipDestroy           pulumi.BoolPtrInput
}

// NewBucketPublicAccessBlock registers a public access block.
func NewBucketPublicAccessBlock(
	ctx *pulumi.Context, name string, args *BucketPublicAccessBlockArgs, opts ...pulumi.ResourceOption,
) (*BucketPublicAccessBlock, error) {
	var block BucketPublicAccessBlock
	inputs := pulumi.Map{
		"bucket":                args.Bucket,
		"blockPublicAcls":       args.BlockPublicAcls,
		"ignorePublicAcls":      args.IgnorePublicAcls,
		"blockPublicPolicy":     args.BlockPublicPolicy,
		"restrictPublicBuckets": args.RestrictPublicBuckets,
	}
	if args.SkipDestroy != nil {
		inputs["skipDestroy"] = args.SkipDestroy
	}
	err := ctx.RegisterResource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name, inputs, &block, opts...)
	return &block, err
}
