// A shared link: an owner makes it, somebody without an account reads by it, the owner sees that and ends it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { DEMO_PASSWORD, expect, test, type Person } from "./story";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No serious barrier on the page that is open. */
async function accessible({ page }: Person) {
  await page.evaluate(axe);
  const barriers = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> } }).axe.run();
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id);
  });
  expect(barriers).toEqual([]);
}

/** The demo's creator on the desk page of a pitch with a script. */
async function desk(owner: Person) {
  await owner.signIn("alex.creator@demo.test", DEMO_PASSWORD);
  await owner.open("/creator/pitches");
  const address = await owner.page.locator('main a[href^="/creator/pitches/"]').filter({ hasText: "Low Water" }).first().getAttribute("href");
  await owner.open(address!);
}

/** Shares the script with `reader` and says the address that the mail brought. */
async function share(owner: Person, reader: Person): Promise<string> {
  await owner.page.getByText("New share link", { exact: true }).click();
  const form = owner.page.locator("form.share-new");
  if (!owner.javascript) {
    await form.getByLabel("Name").fill(reader.name);
    await form.getByLabel("Email").fill(reader.email);
    await form.getByRole("button", { name: "Make the link and send it" }).click();
    await expect(form.getByText("Tick at least one document")).toBeVisible();
    await expect(form.getByLabel("Name")).toHaveValue(reader.name);
  }
  await form.getByLabel("Script").check();
  await form.getByLabel("Name").fill(reader.name);
  await form.getByLabel("Email").fill(reader.email);
  await form.getByRole("button", { name: "Make the link and send it" }).click();
  await expect(owner.page.getByText(`on its way to ${reader.email}`)).toBeVisible();
  return reader.mailedLink(/\/s\/[0-9a-f]{64}/);
}

/** Comes by the link, with the code from the mail. */
async function comesIn(reader: Person, link: string) {
  await reader.open(link);
  await expect(reader.page.getByText("shares this project with you")).toBeVisible();
  await reader.field("Email").fill(reader.email);
  await reader.button("Send me a code").click();
  await expect(reader.page.getByText("a code is on its way there")).toBeVisible();
  if (reader.javascript) await accessible(reader);
  const promise = reader.field("I keep this confidential");
  // A refusal is an error in a browser's console, so only the one without a script mistypes.
  if (!reader.javascript) {
    await reader.field("Code").fill("1");
    await promise.check();
    await reader.button("Open the documents").click();
    await expect(reader.page.getByText("You have 4 more tries").first()).toBeVisible();
    await expect(promise).not.toBeChecked();
  }
  const code = await reader.mailedLink(/Your code: \d{3} \d{3}/);
  await reader.field("Code").fill(code.replace("Your code: ", ""));
  await promise.check();
  await reader.button("Open the documents").click();
  await expect(reader.link("Script")).toBeVisible();
  expect(new URL(reader.page.url()).pathname).toBe(link);
}

test("somebody without an account reads by a link until its owner revokes it", async ({ somebody }) => {
  const [owner, reader] = [await somebody("Alex"), await somebody("Dana Reyes")];
  await desk(owner);
  const link = await share(owner, reader);
  await accessible(owner);
  const mine = owner.page.locator("li.share").filter({ hasText: reader.email });
  await owner.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await mine.getByRole("button", { name: "Copy" }).click();
  await expect(mine.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await owner.page.evaluate(() => navigator.clipboard.readText())).toContain(link);

  await comesIn(reader, link);
  await accessible(reader);
  await reader.link("Script").click();
  await expect(reader.page.getByText("your email address, when, which pages")).toBeVisible();
  await reader.link("Start reading").click();
  const picture = (page: number) => reader.page.locator(`img[src*="/page/${page}?"]:not([hidden])`);
  await expect.poll(() => picture(1).evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBeGreaterThan(300);
  await reader.page.waitForTimeout(2_500);
  await reader.page.keyboard.press("ArrowRight");
  await reader.page.waitForURL(`**${link}/*?page=2`);
  await expect(picture(2)).toBeVisible();
  await accessible(reader);
  const drawn = await picture(2).getAttribute("src");
  expect(await reader.status(drawn!)).toBe(200);
  await reader.open("/about");

  await owner.page.reload();
  await owner.settled();
  await expect(mine).toContainText(reader.email);
  await expect(mine).toContainText("2 pages");
  await expect(owner.page.locator("#readers li.reading-visit").first()).toContainText(/Dana Reyes.*by share link/);
  await mine.getByText("Revoke", { exact: true }).click();
  await mine.getByRole("button", { name: "Revoke the link" }).click();
  await expect(mine.getByText("Revoked")).toBeVisible();
  for (const address of [link, drawn!]) expect(await reader.status(address)).toBe(404);
});

test("without a script a link is made, opened and read all the same", async ({ somebody }) => {
  const [owner, reader] = [
    await somebody("Alex", { javaScriptEnabled: false }),
    await somebody("Dana Plain", { javaScriptEnabled: false, viewport: { width: 390, height: 844 } }),
  ];
  await desk(owner);
  const link = await share(owner, reader);
  await comesIn(reader, link);
  await reader.link("Script").click();
  await reader.link("Start reading").click();
  await reader.link("Next page").click();
  await expect(reader.page).toHaveURL(new RegExp(`${link}/[0-9a-f-]+\\?page=2$`));
  await expect(reader.page.locator('img[src*="/page/2?"]')).toBeVisible();
});
