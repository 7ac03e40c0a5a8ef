module github.com/pulumi/pulumi-aws/sdk/v7

go 1.26.6

require github.com/pulumi/pulumi/sdk/v3 v3.276.0
