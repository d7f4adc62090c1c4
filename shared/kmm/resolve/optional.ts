/** `{ key: value }` to spread, or nothing when the value is unset; "" means unset too, as Go's zero value. */
export function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  if (value === undefined || value === '') return {};
  const entry: { [K in Key]?: Value } = {};
  entry[key] = value;
  return entry;
}
