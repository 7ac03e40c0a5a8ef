/** The day (UTC) that an exemption holds on or doesn't, as YYYY-MM-DD. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
