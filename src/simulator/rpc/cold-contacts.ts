/** What Contacts give. */
const names = ["sender_name", "contact_name"];

/** What imsg writes while Contacts have not answered it: the same without names (protocol reference 19). */
export function withoutNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !names.includes(key))
      .map(([key, inner]) => [key, withoutNames(inner)]),
  );
}
