module example.com/shop

go 1.23

require (
	github.com/pulumi/pulumi-aws/sdk/v7 v7.0.0
	github.com/pulumi/pulumi/sdk/v3 v3.0.0
)

replace (
	github.com/pulumi/pulumi-aws/sdk/v7 => ./aws
	github.com/pulumi/pulumi/sdk/v3 => ./pulumi
)
