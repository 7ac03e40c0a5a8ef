import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LockedDownBucket } from "../../stack/locked-down-bucket";

const account = aws.getCallerIdentityOutput().accountId;

const logs = new LockedDownBucket("logs", {
  policyStatements: (bucketArn) => [
    {
      Sid: "S3DeliversLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: pulumi.interpolate`${bucketArn}/*`,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
  ],
});

// S3 turns logging on only when the log bucket's policy allows it: so all of the log bucket comes first.
new LockedDownBucket("data", { logBucket: logs.bucketName }, { dependsOn: logs });
