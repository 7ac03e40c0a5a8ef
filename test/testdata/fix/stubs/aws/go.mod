module github.com/pulumi/pulumi-aws/sdk/v7

go 1.23

require github.com/pulumi/pulumi/sdk/v3 v3.0.0
