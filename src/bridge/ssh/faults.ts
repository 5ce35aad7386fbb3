/** What fails between here and a Mac that is somewhere else, each with its remedy (behaviour 7.3, 13). */
export const sshFaults = {
  SSH_NOT_FOUND: {
    says: "There is no ssh or scp on this machine",
    hint: "Install the OpenSSH client, and check the PATH of the service that runs the gateway.",
  },
  SSH_HOST_UNKNOWN: {
    says: "The name of the Mac cannot be resolved",
    hint: "Check the host in the wrapper script and in remoteHost; on a tailnet, that this machine is logged in to it.",
    retryable: true,
  },
  SSH_REFUSED: {
    says: "The Mac refuses SSH connections",
    hint: "On the Mac: System Settings, General, Sharing: switch Remote Login on. Check the port.",
    retryable: true,
  },
  SSH_TIMEOUT: {
    says: "The Mac does not answer",
    hint: "Check that it is awake and on the network: System Settings, Energy: prevent automatic sleeping.",
    retryable: true,
  },
  SSH_HOST_KEY_UNKNOWN: {
    says: "The host key of the Mac is not known",
    hint: "Run `ssh HOST` once as the user who runs the gateway, compare the fingerprint with the Mac's, and accept it.",
  },
  SSH_HOST_KEY_CHANGED: {
    says: "The host key of the Mac is not the one that is known: it is another machine, or was set up anew",
    hint: "Find out why before anything else. When the new key is right: `ssh-keygen -R HOST`, then `ssh HOST` once by hand.",
  },
  SSH_LOGIN_REFUSED: {
    says: "The Mac refuses the login",
    hint: "Use an SSH key that asks nothing: add its public half to ~/.ssh/authorized_keys on the Mac, and hold a passphrase in an agent that the gateway's service can reach. The user must be allowed under Remote Login.",
  },
  SSH_DROPPED: {
    says: "The SSH connection to the Mac broke",
    hint: "When it happens often, add -o ServerAliveInterval=15 -o ServerAliveCountMax=3 to the wrapper script, and keep the Mac awake.",
    retryable: true,
  },
  WRAPPER_BUFFERS: {
    says: "Answers of imsg arrive only when the connection ends: something in the wrapper script holds them back",
    hint: 'Make the wrapper `exec ssh -T HOST imsg "$@"`, without a pipe, tee or filter behind it.',
  },
  WRAPPER_UNCLEAR: {
    says: "This imsg takes the text as a command line, and nobody knows what the wrapper script makes of it",
    hint: 'Make the wrapper `exec ssh -T HOST imsg "$@"`, or update imsg: from 0.9 on the text goes over RPC.',
  },
  REMOTE_FILE_MISSING: { says: "The file is not on the Mac", retryable: true },
  REMOTE_FILE_UNREADABLE: {
    says: "The Mac does not let us read the file",
    hint: "On the Mac: System Settings, General, Sharing, Remote Login, (i): allow full disk access for remote users.",
  },
  REMOTE_PATH_UNCLEAR: {
    says: "The Mac did not say where the file really lies",
    hint: "The SSH user must be able to run commands: `ssh HOST /bin/sh -c true` must end without a message.",
    retryable: true,
  },
  REMOTE_PATH_REFUSED: { says: "This path is not fetched from the Mac" },
  FILE_TOO_LARGE: {
    says: "The file on the Mac is too large",
    hint: "Raise channels.imessage.mediaMaxMb.",
  },
  REMOTE_COPY_TIMEOUT: { says: "Copying the file took too long", retryable: true },
  REMOTE_COPY_FAILED: { says: "The file could not be copied", retryable: true },
  REMOTE_COPY_STOPPED: { says: "Copying the file was stopped", retryable: true },
  REMOTE_FOLDER_FAILED: {
    says: "No private folder could be made on the Mac",
    hint: "Run `ssh HOST mktemp -d` by hand: it must print a path and nothing else go wrong.",
    retryable: true,
  },
} as const;

/** The stable codes of these failures. */
export type SshFaultCode = keyof typeof sshFaults;
