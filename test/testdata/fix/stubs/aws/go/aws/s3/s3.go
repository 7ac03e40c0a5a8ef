// Package s3 has what the programs use of Pulumi's AWS package, by its types alone.
package s3

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

type Bucket struct{}

func (*Bucket) ID() pulumi.IDOutput { return pulumi.IDOutput{} }

type BucketArgs struct {
	Acl          pulumi.String
	ForceDestroy pulumi.Bool
}

func NewBucket(*pulumi.Context, string, *BucketArgs, ...pulumi.ResourceOption) (*Bucket, error) {
	return nil, nil
}

type BucketPublicAccessBlockArgs struct {
	Bucket                                                                                   pulumi.IDOutput
	BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets, SkipDestroy pulumi.Bool
}

func NewBucketPublicAccessBlock(*pulumi.Context, string, *BucketPublicAccessBlockArgs, ...pulumi.ResourceOption) (*struct{}, error) {
	return nil, nil
}

const (
	CannedAclAuthenticatedRead = pulumi.String("authenticated-read")
	CannedAclPrivate           = pulumi.String("private")
)
