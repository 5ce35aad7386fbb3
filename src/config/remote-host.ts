/** `host` or `user@host`, the host by name, address or IPv6 address in brackets; nothing that ssh could take for an option. */
const shape = /^([A-Za-z0-9_][A-Za-z0-9._-]*@)?(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9_][A-Za-z0-9._-]*)$/;

/** Whether a text can be a `remoteHost` (behaviour 2.4): no spaces, no options, nothing that a shell would read. */
export function isRemoteHost(text: string): boolean {
  return shape.test(text) && text.length <= 320;
}
