// The main job: a creator publishes a project with its screenplay; an investor and a production company find it and ask for
// the NDA; it is approved for both and declined for a third; they sign; the script opens for them and for nobody else; they
// talk. Once with JavaScript, once without.
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, pitchey, test, type Person } from "./story";

const SCRIPT = join(import.meta.dirname, "../fixtures/night-ferry.pdf");

/** The poster, drawn for the occasion. */
async function poster(page: Page) {
  await page.setViewportSize({ width: 600, height: 900 });
  await page.setContent(`<body style="margin:0;background:linear-gradient(#0b1d2e,#14324a 60%,#050a10)"><svg viewBox="0 0 600 900" width="600" height="900">
    <path d="M60 560H540L500 640H100Z" fill="#f2e7cf"/><path d="M150 560V480H430V560Z" fill="#d8c7a3"/><path d="M330 480V410H380V480Z" fill="#b23a2e"/>
    ${[180, 230, 280, 330, 380].map((x) => `<circle cx="${x}" cy="520" r="13" fill="${x === 280 ? "#ffb648" : "#14324a"}"/>`).join("")}
    ${[660, 700, 745, 800].map((y, i) => `<path d="M0 ${y}q75 ${-24 - i * 6} 150 0t150 0 150 0 150 0" fill="none" stroke="#7fa6c0" stroke-width="3"/>`).join("")}
    <text x="300" y="190" text-anchor="middle" font-family="serif" font-size="84" fill="#f2e7cf">The Night</text><text x="300" y="280" text-anchor="middle" font-family="serif" font-size="84" fill="#f2e7cf">Ferry</text></svg>`);
  return { name: "poster.jpg", mimeType: "image/jpeg", buffer: await page.screenshot({ type: "jpeg", quality: 85 }) };
}
const SECRET = "The barrier comes down before we can see which way she has turned.";
const LOGLINE = "On the last night before she must sell her cello, a woman who can no longer lift her arm is asked to play a ferry through a storm.";

/** Writes and publishes a pitch; says at which address it is. */
async function publishes(creator: Person, title: string, picture: Awaited<ReturnType<typeof poster>>): Promise<string> {
  await creator.open("/creator/pitches/new");
  await creator.field("Title").fill(title);
  await creator.field("Logline").fill(LOGLINE);
  await creator.field("Genre").selectOption("drama");
  await creator.field("Format").selectOption("short-film");
  await creator.field("Budget").selectOption("under-100k");
  await creator.field("Stage").selectOption("script");
  await creator.field("Short synopsis").fill("Nine passengers, one storm, no lights. Somebody has a cello, and the bottom two strings still work.");
  await creator.field("Long synopsis").fill(SECRET);
  await creator.button("Save draft").click();
  await creator.page.waitForURL(/\/creator\/pitches\/[0-9a-f-]{36}\/edit$/);
  await creator.settled();

  for (const [label, file, name] of [["Poster", picture, picture.name], ["Script", SCRIPT, "night-ferry.pdf"]] as const) {
    const input = creator.page.locator(`input[type=file]`).and(creator.field(label));
    await input.setInputFiles(file);
    await creator.page.locator("form").filter({ has: input }).getByRole("button", { name: "Upload" }).click();
    const uploaded = creator.page.getByRole("link", { name });
    await expect(uploaded, `${label} is listed`).toBeVisible();
  }

  await creator.page.locator("form.editor-form").getByRole("button", { name: "Publish", exact: true }).click();
  await creator.page.waitForURL(/\/creator\/pitches\/[0-9a-f-]{36}$/);
  await expect(creator.page.getByText("Published", { exact: true }).first()).toBeVisible();
  const address = await creator.link("View as reader").getAttribute("href");
  return address!;
}

/** Finds the project on the wall and asks for its NDA. */
async function finds(buyer: Person, title: string) {
  await buyer.open("/browse");
  const search = buyer.page.getByRole("search").filter({ has: buyer.page.getByLabel("Genre") });
  await search.getByRole("searchbox").fill(title);
  await search.getByRole("button", { name: "Search" }).click();
  await buyer.page.waitForURL("**/browse?**");
  await buyer.page.locator('main a[href^="/pitch/"]').filter({ hasText: title }).first().click();
  await buyer.page.waitForURL("**/pitch/**");
  await buyer.settled();
  await expect(buyer.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(buyer.page.getByText(LOGLINE)).toBeVisible();
  await expect(buyer.page.getByText(SECRET)).toHaveCount(0);
}

async function asks(buyer: Person, address: string) {
  await buyer.open(address);
  await buyer.field("Purpose").fill(`${buyer.name} considers financing it.`);
  await buyer.field("Note to the owner").fill("The storm is what we are looking for.");
  await buyer.button("Request NDA").click();
  await expect(buyer.page.getByText("You asked")).toBeVisible();
}

/** The request of this person among those that wait for the creator. */
function requestOf(creator: Person, buyer: Person) {
  return creator.page.getByRole("article").filter({ hasText: buyer.name });
}

/** Opens the forms that decide a request; where few wait they are open already. */
async function unfolds(request: Locator) {
  const reason = request.getByLabel("Reason", { exact: true });
  if (!(await reason.isVisible())) await request.getByText("Approve or decline").click();
  await expect(reason).toBeVisible();
}

async function approves(creator: Person, buyer: Person) {
  await creator.open("/creator/ndas");
  const request = requestOf(creator, buyer);
  await expect(request.getByText("The storm is what we are looking for.")).toBeVisible();
  await unfolds(request);
  await request.getByLabel("Your full legal name", { exact: true }).fill("Casey Jane Rowan");
  await request.getByLabel("Term in days", { exact: true }).fill("90");
  await request.getByLabel("Extra terms", { exact: true }).fill("The ending is not to be told to children.");
  await request.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(request).toHaveCount(0);
}

async function declines(creator: Person, buyer: Person) {
  await creator.open("/creator/ndas");
  const request = requestOf(creator, buyer);
  await unfolds(request);
  await request.getByLabel("Reason", { exact: true }).fill("We are in talks with another fund.");
  await request.getByRole("button", { name: "Decline", exact: true }).click();
  await expect(request).toHaveCount(0);
}

/** Reads the whole text and signs it; says at which address the NDA is. */
async function signs(buyer: Person, address: string): Promise<string> {
  await buyer.open(address);
  await buyer.link("Read and sign").click();
  await buyer.page.waitForURL(/\/ndas\/[0-9a-f-]{36}$/);
  await buyer.settled();
  await expect(buyer.page.getByText("The ending is not to be told to children.")).toBeVisible();
  const agree = buyer.page.getByRole("checkbox", { name: "I agree to sign electronically" });
  await expect(agree).not.toBeChecked();
  await agree.check();
  await buyer.field("Full legal name").fill(`${buyer.name} the Reader`);
  await buyer.button("Sign NDA").click();
  await expect(buyer.page.getByRole("heading", { name: "Signatures", exact: true })).toBeVisible();
  await expect(buyer.button("Sign NDA")).toHaveCount(0);
  return new URL(buyer.page.url()).pathname;
}

/** Opens the script as its reader does; says which file it is. */
async function reads(buyer: Person, address: string): Promise<string> {
  await buyer.open(address);
  await expect(buyer.page.getByText(SECRET)).toBeVisible();
  const link = buyer.page.getByRole("main").getByRole("link", { name: /Script/ }).first();
  await expect(link).toBeVisible();
  const file = (await link.getAttribute("href"))!.match(/[0-9a-f-]{36}/)![0];
  await buyer.open(`/read/${file}`);
  await expect(buyer.page.getByText("The owner sees that you read this")).toBeVisible();
  await expect(buyer.page.getByText("8 pages")).toBeVisible();
  await buyer.link("Start reading").click();
  await buyer.page.waitForURL(`**/read/${file}?page=1`);
  await shows(buyer, file, 1);
  await buyer.link("Next page").click();
  await buyer.page.waitForURL(`**/read/${file}?page=2`);
  await shows(buyer, file, 2);
  const answer = await buyer.page.request.get(`/read/${file}/page/1`);
  expect(answer.status(), `${buyer.name} reads the script`).toBe(200);
  expect(answer.headers()["content-type"]).toBe("image/webp");
  expect(answer.headers()["cache-control"]).toContain("no-store");
  expect(await buyer.status(`/files/${file}`), "its pages, not the file").toBe(404);
  return file;
}

/** The page is there as a picture. */
async function shows(buyer: Person, file: string, page: number) {
  const picture = buyer.page.locator(`img[src^="/read/${file}/page/${page}?"]:not([hidden])`);
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBeGreaterThan(300);
}

async function says(from: Person, thread: string, words: string) {
  if (new URL(from.page.url()).pathname !== thread) await from.open(thread);
  await from.field("Message").fill(words);
  await from.button("Send").click();
  await expect(from.page.getByRole("log").getByText(words)).toBeVisible();
}

/** Notices are a job's work: the page is opened until it is there. */
async function told(person: Person, notice: string) {
  await expect(async () => {
    await person.open("/notifications");
    await expect(person.link(notice)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

test("a project finds its readers", async ({ somebody, page }) => {
  test.setTimeout(240_000);
  const title = `The Night Ferry ${Date.now().toString(36)}`;
  const creator = await somebody("Casey Rowan");
  const investor = await somebody("Ines Varga");
  const company = await somebody("Paul Brandt");
  const stranger = await somebody("Otto Quist");

  await test.step("the creator registers, writes, uploads and publishes", () => creator.register("Creator"));
  const address = await publishes(creator, title, await poster(page));

  await test.step("staff verify the buyers, and only then may they ask", async () => {
    await investor.register("Investor", "Varga Capital");
    await investor.open(address);
    await expect(investor.page.getByText("Our staff verify who you are.")).toBeVisible();
    await expect(investor.button("Request NDA")).toHaveCount(0);
    await company.register("Production", "Brandt Pictures");
    await stranger.register("Investor");
    for (const buyer of [investor, company, stranger]) pitchey("buyer", "verify", buyer.email, "--method", "company register");
  });

  await test.step("they find it and ask for the NDA", async () => {
    for (const buyer of [investor, company, stranger]) {
      await finds(buyer, title);
      await asks(buyer, address);
    }
  });

  await test.step("the creator is told, approves two and declines one", async () => {
    for (const buyer of [investor, company, stranger]) {
      await told(creator, `${buyer.name} asks for an NDA for “${title}”`);
    }
    await approves(creator, investor);
    await approves(creator, company);
    await declines(creator, stranger);
    await told(stranger, `Your request for “${title}” was declined`);
  });

  const ndas = await test.step("both sign", async () => {
    await told(investor, `Your NDA for “${title}” is ready to sign`);
    return [await signs(investor, address), await signs(company, address)];
  });

  const file = await test.step("the script opens for the signers", async () => {
    await reads(company, address);
    return reads(investor, address);
  });

  const thread = await test.step("a conversation is open between them", async () => {
    await investor.open(address);
    await investor.link("Talk to the owner").click();
    await investor.page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
    await investor.settled();
    const thread = new URL(investor.page.url()).pathname;
    await says(investor, thread, "Page seven is worth the ticket. Who plays Margit?");

    await creator.open("/creator");
    await creator.link("Messages, 1 unread").click();
    await creator.page.waitForURL("**/messages");
    await creator.page.locator('main a[href^="/messages/"]').filter({ hasText: "Ines Varga" }).click();
    await creator.page.waitForURL(`**${thread}`);
    await expect(creator.page.getByText("Page seven is worth the ticket. Who plays Margit?").last()).toBeVisible();
    await says(creator, thread, "Somebody who really plays. She is reading it this week.");
    await expect(creator.link(/^Messages$/).first()).toBeVisible();

    await investor.open(thread);
    await expect(investor.page.getByText("Somebody who really plays. She is reading it this week.").last()).toBeVisible();
    return thread;
  });

  await test.step("and for nobody else", async () => {
    const guest = await somebody("A guest");
    for (const other of [stranger, guest]) {
      for (const path of [`/files/${file}`, `/read/${file}`, `/read/${file}/page/1`]) {
        expect([303, 302, 404], `${other.name} gets nothing at ${path}`).toContain(await other.status(path));
      }
      const page = await (await other.page.request.get(address)).text();
      expect(page).toContain(LOGLINE);
      for (const hidden of [SECRET, file, "night-ferry.pdf"]) expect(page, `${other.name} is not told ${hidden}`).not.toContain(hidden);
    }
    for (const path of [...ndas, thread]) expect(await stranger.status(path), `a stranger at ${path}`).toBe(404);
    expect(await company.status(ndas[0]), "each signer has their own").toBe(404);
    expect(await company.status(thread)).toBe(404);
  });

  await test.step("what is revoked closes at once", async () => {
    const nda = ndas[1];
    // An open page that nobody looks at: no movement for so long that no reading is counted any more.
    await company.page.clock.install();
    await company.open(`/read/${file}?page=2`);
    await company.page.clock.fastForward(40_000);
    await creator.open(nda);
    await creator.field("Reason").fill("The option went elsewhere.");
    await creator.button("Revoke").click();
    await expect(creator.page.getByText("Revoked").first()).toBeVisible();
    expect(await company.status(`/read/${file}/page/1`)).toBe(404);
    expect(await investor.status(`/read/${file}/page/1`)).toBe(200);
    await company.page.clock.fastForward(15_000);
    await expect(company.heading("Reading has ended")).toBeVisible();
    await expect(company.page.locator("img.reader-page")).toHaveCount(0);
    await company.refused(`/read/${file}?page=2`);
    await company.open(nda);
    await expect(company.page.getByText("The option went elsewhere.").first()).toBeVisible();
  });
});

test("the same without JavaScript", async ({ somebody, page }) => {
  test.setTimeout(180_000);
  const title = `The Quiet Ferry ${Date.now().toString(36)}`;
  const creator = await somebody("Robin Falk", { javaScriptEnabled: false });
  const investor = await somebody("Lena Sorel", { javaScriptEnabled: false });

  await test.step("a refused form says why and keeps what was typed", async () => {
    await creator.open("/register");
    await creator.field("Full name").fill("Robin Falk");
    await creator.field("Email").fill("robin@story.test");
    await creator.field("Password").fill("short");
    await creator.page.getByRole("checkbox", { name: "I agree to the terms" }).check();
    await creator.button("Create account").click();
    await expect(creator.page.getByText("Use at least 8 characters", { exact: false })).toBeVisible();
    await expect(creator.field("Full name")).toHaveValue("Robin Falk");
    await expect(creator.field("Password")).toHaveValue("");
  });

  await creator.register("Creator");
  const address = await publishes(creator, title, await poster(page));
  await investor.register("Investor", "Sorel Fund");
  pitchey("buyer", "verify", investor.email, "--method", "company register");
  await finds(investor, title);
  await asks(investor, address);
  await approves(creator, investor);
  await signs(investor, address);
  await reads(investor, address);
  await investor.open(address);
  await investor.link("Talk to the owner").click();
  await investor.page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
  const thread = new URL(investor.page.url()).pathname;
  await says(investor, thread, "Without a script, about a script.");
  await says(creator, thread, "And it arrived.");
  await investor.open(thread);
  await expect(investor.page.getByRole("log").getByText("And it arrived.")).toBeVisible();
  await investor.open("/");
  await investor.page.locator("details.menu > summary").click();
  await investor.button("Sign out").click();
  await expect(investor.link("Sign in").first()).toBeVisible();
});
