import { Bucket } from "@pulumi/aws/s3";

export interface Wanted {
  name: string;
}

export function makeBucket({ name }: Wanted): Bucket {
  return new Bucket(name);
}
