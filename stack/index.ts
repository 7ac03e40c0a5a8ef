import * as pulumi from "@pulumi/pulumi";

import { LockedDownBucket } from "./locked-down-bucket";
import { readConfiguration } from "./configuration";

// Models and datasets.
const data = new LockedDownBucket("aiDataBucket", readConfiguration(new pulumi.Config()));

export const bucket_name = data.bucketName;
export const bucket_arn = data.bucketArn;
export const access_block_id = data.accessBlockId;
