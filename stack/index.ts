import * as pulumi from "@pulumi/pulumi";

import { LockedDownBucket } from "./locked-down-bucket";
import { readSettings } from "./settings";

// Models and datasets.
const data = new LockedDownBucket("aiDataBucket", readSettings(new pulumi.Config()));

export const bucket_name = data.bucketName;
export const bucket_arn = data.bucketArn;
export const access_block_id = data.accessBlockId;
