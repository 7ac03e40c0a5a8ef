import { LockedDownBucket } from "../../stack/locked-down-bucket";

new LockedDownBucket("aiDataBucket", { bucketName: "legacy-data" });
