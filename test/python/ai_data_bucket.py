"""The Python program that the reference stack was ported from."""

import pulumi
import pulumi_aws as aws


def program(with_block: bool) -> None:
    """Declares the bucket for AI models and datasets, with its public access block or, to be stopped, without."""
    ai_data_bucket = aws.s3.Bucket("aiDataBucket", acl="private")
    pulumi.export("bucket_name", ai_data_bucket.id)
    pulumi.export("bucket_arn", ai_data_bucket.arn)

    if with_block:
        access_block = aws.s3.BucketPublicAccessBlock(
            "aiDataBucketAccessBlock",
            bucket=ai_data_bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        pulumi.export("access_block_id", access_block.id)
