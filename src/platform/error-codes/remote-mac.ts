import type { ErrorTexts } from "./error-text.js";

/** Errors between here and a Mac that is somewhere else. */
export const remoteMacErrors = {
  SSH_NOT_FOUND: {
    happened: "There is no ssh or scp on this machine.",
    remedy: "Install the OpenSSH client, and check the PATH of the service that runs the gateway.",
  },
  SSH_HOST_UNKNOWN: {
    happened: "The name of the Mac cannot be resolved.",
    remedy:
      "Check the host in the wrapper script and in remoteHost; on a tailnet, that this machine is logged in to it.",
  },
  SSH_REFUSED: {
    happened: "The Mac refuses SSH connections.",
    remedy: "On the Mac: System Settings, General, Sharing: switch Remote Login on. Check the port.",
  },
  SSH_TIMEOUT: {
    happened: "The Mac does not answer.",
    remedy: "Check that it is awake and on the network: System Settings, Energy: prevent automatic sleeping.",
  },
  SSH_HOST_KEY_UNKNOWN: {
    happened: "The host key of the Mac is not known.",
    remedy:
      "Run `ssh HOST` once as the user who runs the gateway, compare the fingerprint with the Mac's, and accept it.",
  },
  SSH_HOST_KEY_CHANGED: {
    happened:
      "The host key of the Mac is not the one that is known: it is another machine, or was set up anew.",
    remedy:
      "Find out why before anything else. When the new key is right: `ssh-keygen -R HOST`, then `ssh HOST` once by hand.",
  },
  SSH_LOGIN_REFUSED: {
    happened: "The Mac refuses the login.",
    remedy:
      "Use an SSH key that asks nothing: add its public half to ~/.ssh/authorized_keys on the Mac, and hold a passphrase in an agent that the gateway's service can reach. The user must be allowed under Remote Login.",
  },
  SSH_DROPPED: {
    happened: "The SSH connection to the Mac broke.",
    remedy:
      "When it happens often, add -o ServerAliveInterval=15 -o ServerAliveCountMax=3 to the wrapper script, and keep the Mac awake.",
  },
  WRAPPER_BUFFERS: {
    happened:
      "Answers of imsg arrive only when the connection ends: something in the wrapper script holds them back.",
    remedy: 'Make the wrapper `exec ssh -T HOST imsg "$@"`, without a pipe, tee or filter behind it.',
  },
  WRAPPER_UNCLEAR: {
    happened:
      "This imsg takes the text as a command line, and nobody knows what the wrapper script makes of it.",
    remedy:
      'Make the wrapper `exec ssh -T HOST imsg "$@"`, or update imsg: from 0.9 on the text goes over RPC.',
  },
  REMOTE_FILE_MISSING: {
    happened: "The file is not on the Mac.",
    remedy: "Open the conversation in Messages on the Mac, so that the file is fetched from iCloud.",
  },
  REMOTE_FILE_UNREADABLE: {
    happened: "The Mac does not let us read the file.",
    remedy:
      "On the Mac: System Settings, General, Sharing, Remote Login, (i): allow full disk access for remote users.",
  },
  REMOTE_PATH_UNCLEAR: {
    happened: "The Mac did not say where the file really lies.",
    remedy:
      "The SSH user must be able to run commands: `ssh HOST /bin/sh -c true` must end without a message.",
  },
  REMOTE_PATH_REFUSED: {
    happened: "This path is not fetched from the Mac.",
    remedy: "Add the file's folder to remoteAttachmentRoots if its files may be fetched.",
  },
  REMOTE_COPY_TIMEOUT: {
    happened: "Copying the file took too long.",
    remedy: "Check how fast the connection to the Mac is; the copy is tried again.",
  },
  REMOTE_COPY_FAILED: {
    happened: "The file could not be copied.",
    remedy: "Copy the file by hand with scp to see why, and look at the free space on both machines.",
  },
  REMOTE_COPY_STOPPED: {
    happened: "Copying the file was stopped.",
    remedy: "Nothing: the gateway was stopped or what needed the file was over.",
  },
  REMOTE_FOLDER_FAILED: {
    happened: "No private folder could be made on the Mac.",
    remedy: "Run `ssh HOST mktemp -d` by hand: it must print a path and nothing else go wrong.",
  },
} satisfies ErrorTexts;
