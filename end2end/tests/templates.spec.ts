// A creator writes an NDA of their own, or uploads one, and approves with it; the buyer signs that text. Once with
// JavaScript, once without.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_PASSWORD, expect, test, type Person } from "./story";

const PDF = join(import.meta.dirname, "../fixtures/night-ferry.pdf");

const TEXT = `# Agreement of the house

Between {{owner_party}} and {{requester_party}} about {{project_title}}, for {{term_days}} days.

## Silence

What is read here stays here: not a word of it is told to anyone, in any form, by the Reader or by those who work for the Reader, whether or not the two come to terms.`;

/** Writes a template; says its address. */
async function writes(creator: Person, name: string): Promise<string> {
  await creator.open("/settings/templates");
  await creator.link("New template").click();
  await creator.page.waitForURL("**/settings/templates/new");
  await creator.settled();
  await creator.field("Name").fill(name);
  if (!creator.javascript) {
    // In place, the refusal's status would be told on the watched console.
    await creator.field("Text").fill(TEXT.replace("{{term_days}}", "many"));
    await creator.button("Save template").click();
    await expect(creator.page.getByText("Missing: {{term_days}}.").first()).toBeVisible();
    await expect(creator.field("Name")).toHaveValue(name);
  }
  await creator.field("Text").fill(TEXT);
  await creator.button("Save template").click();
  await creator.page.waitForURL(/\/settings\/templates\/[0-9a-f-]{36}$/);
  await creator.settled();
  await expect(creator.heading("Agreement of the house")).toBeVisible();
  await expect(creator.page.getByText("It is not legal advice.").first()).toBeVisible();
  return new URL(creator.page.url()).pathname;
}

/** Publishes a project; says at which address it is. */
async function publishes(creator: Person, title: string): Promise<string> {
  await creator.open("/creator/pitches/new");
  await creator.field("Title").fill(title);
  await creator.field("Logline").fill("A keeper, a lamp, and a ship that should not be there.");
  await creator.field("Genre").selectOption("drama");
  await creator.field("Format").selectOption("short-film");
  await creator.field("Budget").selectOption("under-100k");
  await creator.field("Stage").selectOption("script");
  await creator.field("Short synopsis").fill("One night on the rock, told by the only one who stayed awake through all of it.");
  await creator.button("Save draft").click();
  await creator.page.waitForURL(/\/creator\/pitches\/[0-9a-f-]{36}\/edit$/);
  await creator.settled();
  await creator.page.locator("form.editor-form").getByRole("button", { name: "Publish", exact: true }).click();
  await creator.page.waitForURL(/\/creator\/pitches\/[0-9a-f-]{36}$/);
  return (await creator.link("View as reader").getAttribute("href"))!;
}

/** Asks for the NDA of the project at `address`. */
async function asks(buyer: Person, address: string) {
  await buyer.signIn("sarah.investor@demo.test", DEMO_PASSWORD);
  await buyer.open(address);
  await buyer.field("Purpose").fill("To consider financing it.");
  await buyer.button("Request NDA").click();
  await expect(buyer.page.getByText("You asked")).toBeVisible();
}

/** Chooses a template for the only request, looks at what it says, and approves with it. */
async function approvesWith(creator: Person, name: string, says: string) {
  await creator.open("/creator/ndas");
  await creator.field("Template").selectOption({ label: `${name}, version 1` });
  await creator.button("Show this text").click();
  await creator.page.waitForURL("**template=*");
  await creator.settled();
  await creator.page.getByText("Read the agreement that you sign by approving").click();
  await expect(creator.page.getByText(says).first()).toBeAttached();
  const request = creator.page.getByRole("article");
  await expect(request.getByText(`and sign “${name}, version 1”`)).toBeVisible();
  await request.getByLabel("Your full legal name", { exact: true }).fill("Casey Jane Rowan");
  await request.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(request).toHaveCount(0);
  await expect(creator.heading("In numbers")).toBeVisible();
}

/** Goes from the project to the text that waits for a signature. */
async function opensText(buyer: Person, address: string) {
  await buyer.open(address);
  await buyer.link("Read and sign").click();
  await buyer.page.waitForURL(/\/ndas\/[0-9a-f-]{36}$/);
  await buyer.settled();
}

async function signs(buyer: Person) {
  await buyer.page.getByRole("checkbox", { name: "I agree to sign electronically" }).check();
  await buyer.field("Full legal name").fill("Sarah Chen");
  await buyer.button("Sign NDA").click();
  await expect(buyer.page.getByRole("heading", { name: "Signatures", exact: true })).toBeVisible();
}

for (const javascript of [true, false]) {
  test(`an own template is written, approved with and signed ${javascript ? "in the browser" : "without JavaScript"}`, async ({ somebody }) => {
    const creator = await somebody("Casey Rowan", { javaScriptEnabled: javascript });
    await creator.register("Creator");
    const name = `House rules ${Date.now().toString(36)}`;
    await writes(creator, name);
    const address = await publishes(creator, `Lamp ${Date.now().toString(36)}`);
    const buyer = await somebody("Sarah", { javaScriptEnabled: javascript });
    await asks(buyer, address);
    await approvesWith(creator, name, "What is read here stays here");
    await opensText(buyer, address);
    await expect(buyer.heading("Agreement of the house")).toBeVisible();
    await signs(buyer);
  });

  test(`a PDF is uploaded, approved with and signed on a phone ${javascript ? "in the browser" : "without JavaScript"}`, async ({ somebody }) => {
    const phone = { javaScriptEnabled: javascript, viewport: { width: 390, height: 844 } };
    const creator = await somebody("Casey Rowan", phone);
    await creator.register("Creator");
    const name = `House PDF ${Date.now().toString(36)}`;
    await creator.open("/settings/templates");
    await creator.link("Upload a PDF").click();
    await creator.page.waitForURL("**pdf=true");
    await creator.settled();
    if (!javascript) {
      const broken = { name: "a.pdf", mimeType: "application/pdf", buffer: readFileSync(PDF).subarray(0, 9_000) };
      await creator.field("Name").fill(name);
      await creator.field("PDF").setInputFiles(broken);
      await creator.button("Upload template").click();
      await expect(creator.page.getByText("This PDF is damaged or cut off").first()).toBeVisible();
    }
    await creator.field("Name").fill(name);
    await creator.field("PDF").setInputFiles(PDF);
    await creator.button("Upload template").click();
    await creator.page.waitForURL(/\/settings\/templates\/[0-9a-f-]{36}$/);
    await creator.settled();
    await expect(creator.heading(name)).toBeVisible();
    const address = await publishes(creator, `Ferry ${Date.now().toString(36)}`);
    const buyer = await somebody("Sarah", phone);
    await asks(buyer, address);
    await approvesWith(creator, name, "an original screenplay by");

    await opensText(buyer, address);
    const first = buyer.page.locator(".nda-pages img").first();
    await first.scrollIntoViewIfNeeded();
    await expect.poll(() => first.evaluate((picture: HTMLImageElement) => picture.complete && picture.naturalWidth)).toBeGreaterThan(300);
    const box = (await first.boundingBox())!;
    expect(box.x >= 0 && box.x + box.width <= 390, "the page fits the phone").toBe(true);
    await buyer.page.getByLabel("Show the words instead of the pages").check();
    await expect(first).toBeHidden();
    await expect(buyer.heading(/^Page 1 of/)).toBeVisible();
    await expect(buyer.page.getByText("It is not legal advice.").first()).toBeAttached();
    await signs(buyer);
    await expect(async () => {
      await buyer.page.reload();
      await expect(buyer.link("Download the PDF")).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
  });
}
