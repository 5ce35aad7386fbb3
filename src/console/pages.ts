/** What somebody sees whose browser is not let in; nothing of the gateway is in it. */
export function lockedPage(stylesheet: string): string {
  return page(
    stylesheet,
    "",
    `<h1>This browser is not let in</h1>
<p>Run this on the machine of the gateway. It opens the console, with an address that works once.</p>
<p><code>tapback console</code></p>`,
  );
}

/**
 * Leads on to the console. A redirect would still count as coming from whatever led here, and its request would come without the
 * cookie that was just set.
 */
export function enteredPage(stylesheet: string): string {
  return page(
    stylesheet,
    `<meta http-equiv="refresh" content="0;url=/console/">`,
    `<h1>You are in</h1>\n<p><a href="/console/">Open the console</a></p>`,
  );
}

function page(stylesheet: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Tapback</title>
<link rel="stylesheet" href="/console/${stylesheet}">
${head}
</head>
<body><main class="door">
${body}
</main></body>
</html>
`;
}
