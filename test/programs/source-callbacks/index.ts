// Of a function without a name the SDK tells no place.
import { Bucket } from "@pulumi/aws/s3/bucket";

const teams = ["a", "b"];
teams.forEach((team) => {
  new Bucket(`each-${team}`);
});

(() => {
  new Bucket("at-once");
})();

export const mapped = teams.map(
  (team) => new Bucket(`map-${team}`), // on a line of its own
);

export const later = (async () => {
  await Promise.resolve();
  return new Bucket("after-await");
})();
