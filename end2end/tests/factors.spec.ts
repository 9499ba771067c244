// Second factors: an authenticator app with and without JavaScript and by keyboard alone, recovery codes, and a passkey as the
// second step and as the whole sign-in, in Chromium's own authenticator.
import { createHmac } from "node:crypto";
import { DEMO_PASSWORD, PASSWORD, expect, test, type Person } from "./story";

/** The code that an authenticator app with this key shows (RFC 6238). */
function code(key: string, steps = 0): string {
  const bits = [...key.replace(/\s/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Sets an authenticator app up; its key, and the recovery codes. */
async function setUpApp(person: Person): Promise<{ key: string; codes: string[] }> {
  await person.open("/settings/security");
  await person.button("Set up authenticator app").click();
  const secret = person.page.locator(".security-secret");
  await expect(secret).toBeVisible();
  await expect(person.page.getByRole("img", { name: "QR code of the key beside" })).toBeVisible();
  const key = await secret.innerText();
  await person.field("Code").fill(code(key, -1));
  await person.button("Turn on").click();
  await expect(person.heading("Your recovery codes")).toBeVisible();
  const codes = await person.page.locator(".new-codes code").allInnerTexts();
  expect(codes).toHaveLength(10);
  expect(await person.link("Download").getAttribute("href")).toContain(codes[9]);
  await person.button("I have kept them").click();
  await expect(person.heading("Your recovery codes")).toHaveCount(0);
  return { key, codes };
}

async function signOut(person: Person) {
  await person.page.getByLabel(/^Account of/).click();
  await person.button("Sign out").click();
  await person.page.waitForURL((url) => url.pathname === "/");
}

/** Types the password; what follows is the second step. */
async function firstStep(person: Person, email = person.email, password = PASSWORD) {
  await person.open("/login");
  await person.field("Email").fill(email);
  await person.field("Password").fill(password);
  await person.button("Sign in").click();
  await person.page.waitForURL("**/login/factor");
  await person.settled();
}

for (const javaScriptEnabled of [true, false]) {
  test(`an authenticator app is set up and asked for, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({ somebody }) => {
    const alex = await somebody("Alex App", { javaScriptEnabled });
    await alex.register("Creator");
    const { key, codes } = await setUpApp(alex);
    await signOut(alex);

    await firstStep(alex);
    await alex.field("Code").fill("000000");
    await alex.button("Sign in").click();
    await expect(alex.page.locator("main").getByText("not the code of this moment").first()).toBeVisible();
    expect(await alex.status("/creator")).toBe(303);
    alex.errors.splice(0); // the browser reports the refusal, which was wanted
    await alex.field("Code").fill(code(key));
    await alex.button("Sign in").click();
    await alex.page.waitForURL("**/creator");

    await signOut(alex);
    await firstStep(alex);
    await alex.page.getByText("Use a recovery code").first().click();
    await alex.field("Recovery code").fill(codes[0]);
    await alex.button("Use recovery code").click();
    await alex.page.waitForURL("**/creator");
    await alex.open("/settings/security");
    await expect(alex.page.getByText("9 left")).toBeVisible();
  });
}

test("the second step works by keyboard alone", async ({ somebody }) => {
  const alex = await somebody("Alex Keys");
  await alex.register("Creator");
  const { key } = await setUpApp(alex);
  await signOut(alex);
  await alex.open("/login");
  const { keyboard } = alex.page;
  await alex.field("Email").focus();
  await keyboard.type(alex.email);
  await keyboard.press("Tab");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  await alex.page.waitForURL("**/login/factor");
  await alex.settled();
  for (let n = 0; n < 40 && !(await alex.field("Code").evaluate((field) => field === document.activeElement)); n++) await keyboard.press("Tab");
  await keyboard.type(code(key));
  await keyboard.press("Enter");
  await alex.page.waitForURL("**/creator");
});

/** Mails lead to the server's number, so the one with the passkey is somebody of the demo. */
const SOMEBODY = "stellar.production@demo.test";

// Passkeys belong to a name: the same server, called localhost.
const NAMED = (process.env.BASE_URL ?? "http://127.0.0.1:3000").replace("127.0.0.1", "localhost");

test("a passkey is a second step, and the whole sign-in", async ({ somebody }) => {
  const alex = await somebody("Alex Pass", { baseURL: NAMED });
  const devtools = await alex.page.context().newCDPSession(alex.page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await alex.signIn(SOMEBODY, DEMO_PASSWORD);
  await alex.open("/settings/security");
  await alex.field("Name of the passkey").fill("The desk at Stellar");
  await alex.button("Add a passkey").click();
  await expect(alex.page.getByText("The desk at Stellar")).toBeVisible();
  await expect(alex.heading("Your recovery codes")).toBeVisible();
  await alex.button("I have kept them").click();
  await expect(alex.page.getByText("not used yet")).toBeVisible();
  await signOut(alex);

  await firstStep(alex, SOMEBODY, DEMO_PASSWORD);
  await alex.button("Use a passkey").click();
  await alex.page.waitForURL("**/production");
  await signOut(alex);

  await alex.open("/login?next=/settings/security");
  await alex.button("Use a passkey").click();
  await alex.page.waitForURL("**/settings/security");
  await alex.settled();
  const row = alex.page.getByRole("listitem").filter({ hasText: "The desk at Stellar" });
  await expect(row).toContainText("used just now");

  // As it was, for the stories after this one.
  await row.getByText("Remove").first().click();
  await row.getByRole("button", { name: "Remove" }).click();
  await expect(alex.page.getByText("The desk at Stellar")).toHaveCount(0);
});

test("the demo's staff sign in with the key that is printed", async ({ somebody }) => {
  const robin = await somebody("Robin Hale");
  await firstStep(robin, "admin@demo.test", DEMO_PASSWORD);
  await robin.field("Code").fill(code("PITCHEYDEMOADMINPITCHEYDEMOADMIN"));
  await robin.button("Sign in").click();
  await robin.page.waitForURL("**/browse");
});

test("a session is seen and ended from another browser, and a new password signs in", async ({ somebody }) => {
  const alex = await somebody("Alex Desk");
  await alex.register("Creator");
  const phone = await somebody("Alex Phone", { javaScriptEnabled: false });
  await phone.signIn(alex.email, PASSWORD);
  await alex.open("/settings/security");
  const others = alex.page.locator("section", { has: alex.heading("Where you are signed in") }).getByRole("listitem");
  await expect(others).toHaveCount(2);
  await others.getByRole("button", { name: "End session" }).click();
  await expect(others).toHaveCount(1);
  expect(await phone.status("/creator")).toBe(303);

  await alex.page.getByText("Change password").first().click();
  await alex.field("New password").fill("a boat on the lake");
  await alex.button("Change password").click();
  await expect(alex.page.getByText("Your password was changed")).toBeVisible();
  await phone.signIn(alex.email, "a boat on the lake");
});

test("another address is confirmed in its own mailbox", async ({ somebody }) => {
  const alex = await somebody("Alex Moves", { javaScriptEnabled: false });
  await alex.register("Creator");
  const mailbox = await somebody("Alex New");
  await alex.open("/settings/security");
  await alex.page.getByText("Change email").first().click();
  await alex.field("New email").fill(mailbox.email);
  await alex.button("Change email").click();
  await expect(alex.page.getByText(`We sent a link to ${mailbox.email}`)).toBeVisible();
  const back = await alex.mailedLink(/\/keep-email\?token=[^\s"<]+/);
  await mailbox.open(await mailbox.mailedLink(/\/confirm-email\?token=[^\s"<]+/));
  await mailbox.button("Confirm address").click();
  await mailbox.page.waitForURL("**/confirm-email?done=true");
  await mailbox.signIn(mailbox.email, PASSWORD);
  await alex.open(back);
  await alex.button("Keep my address").click();
  await expect(alex.page.getByText("Your address is as it was")).toBeVisible();
  expect(await mailbox.status("/creator")).toBe(303);
  // Whoever changed the address may know the password: it is gone, and a new one is set by mail.
  await alex.link("Set a new one").click();
  await alex.field("Email").fill(alex.email);
  await alex.button("Send the link").click();
  await alex.open(await alex.mailedLink(/\/reset-password\?token=[^\s"<]+/));
  await alex.field("New password").fill("a boat on the lake");
  await alex.button("Set new password").click();
  await alex.page.waitForURL("**/login*");
  await alex.signIn(alex.email, "a boat on the lake");
});
