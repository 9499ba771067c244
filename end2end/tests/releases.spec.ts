// A company offers its submission release, the creator reads and signs it, the company reads the script, the creator ends it.
// Once with JavaScript, once without.
import { DEMO_PASSWORD, expect, test, type Person } from "./story";

const SECRET = "It was the keeper who put the lamp out.";

/** Publishes a project with something behind its NDA; says at which address it is. */
async function publishes(creator: Person, title: string): Promise<string> {
  await creator.open("/creator/pitches/new");
  await creator.field("Title").fill(title);
  await creator.field("Logline").fill("A keeper, a lamp, and a ship that should not be there.");
  await creator.field("Genre").selectOption("drama");
  await creator.field("Format").selectOption("short-film");
  await creator.field("Budget").selectOption("under-100k");
  await creator.field("Stage").selectOption("script");
  await creator.field("Short synopsis").fill("One night on the rock, told by the only one who stayed awake through all of it.");
  await creator.field("Long synopsis").fill(SECRET);
  await creator.button("Save draft").click();
  await creator.page.waitForURL(/\/creator\/pitches\/[0-9a-f-]{36}\/edit$/);
  await creator.settled();
  await creator.page.locator("form.editor-form").getByRole("button", { name: "Publish", exact: true }).click();
  await creator.page.waitForURL(/\/creator\/pitches\/[0-9a-f-]{36}$/);
  return (await creator.link("View as reader").getAttribute("href"))!;
}

for (const javascript of [true, false]) {
  test(`a submission release is offered, signed, read under and ended ${javascript ? "in the browser" : "without JavaScript"}`, async ({ somebody }) => {
    test.setTimeout(150_000);
    const creator = await somebody("Robin Vale", { javaScriptEnabled: javascript });
    await creator.register("Creator");
    const title = `Rock ${Date.now().toString(36)}`;
    const address = await publishes(creator, title);

    const company = await somebody("Stellar", { javaScriptEnabled: javascript });
    await company.signIn("stellar.production@demo.test", DEMO_PASSWORD);
    await company.open(address);
    await expect(company.page.getByText(SECRET)).toHaveCount(0);
    await company.page.getByText("Offer your submission release", { exact: true }).click();
    await company.page.getByText("Read the agreement that you sign by offering").click();
    await expect(company.heading("Submission release for an unproduced project")).toBeVisible();
    const form = company.page.locator("form.release-offer");
    await form.getByLabel("Your full legal name", { exact: true }).fill("Dana Adaeze Okoye");
    await form.getByLabel("Extra terms", { exact: true }).fill("No screenings without the owner.");
    await company.button("Offer release").click();
    await company.page.waitForURL(/\/releases\/[0-9a-f-]{36}$/);
    await company.settled();
    const release = new URL(company.page.url()).pathname;
    await expect(company.page.getByText("Your company has signed. It waits for the owner")).toBeVisible();

    await creator.open("/creator");
    await creator.link("Read and decide").first().click();
    await creator.page.waitForURL(`**${release}`);
    await creator.settled();
    await expect(creator.page.getByText("No screenings without the owner.")).toBeVisible();
    if (!javascript) {
      // In place, the refusal's status would be told on the watched console.
      await creator.button("Refuse").click();
      expect(new URL(creator.page.url()).pathname).toBe(release);
    }
    await creator.page.getByRole("checkbox", { name: "I agree to sign electronically" }).check();
    await creator.field("Full legal name").fill("Robin Anne Vale");
    await creator.button("Sign release").click();
    await expect(creator.page.getByRole("heading", { name: "Signatures", exact: true })).toBeVisible();

    await company.open(address);
    await expect(company.page.getByText(SECRET)).toBeVisible();
    await company.link("Talk to the owner").click();
    await company.page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
    await expect(company.page.getByRole("log").getByText("The submission release is signed by both of you.")).toBeVisible();
    await company.open("/production/ndas?side=releases&tab=active");
    await expect(company.link(title)).toBeVisible();

    // The paper is a job's work; both sides have it, nobody else.
    await expect.poll(() => company.status(`/files/${release.split("/")[2]}`), { timeout: 20_000 }).toBe(200);
    expect(await creator.status(`/files/${release.split("/")[2]}`)).toBe(200);
    const stranger = await somebody("Sarah", { javaScriptEnabled: javascript });
    await stranger.signIn("sarah.investor@demo.test", DEMO_PASSWORD);
    expect(await stranger.status(`/files/${release.split("/")[2]}`)).toBe(404);
    expect(await stranger.status(release)).toBe(404);

    await creator.open(release);
    await creator.field("Reason").fill("The film found its company.");
    await creator.button("End release").click();
    await expect(creator.page.getByText("It opens nothing any more.")).toBeVisible();
    await company.open(address);
    await expect(company.page.getByText(SECRET)).toHaveCount(0);
    await expect(company.page.getByText("Your company's release has ended.")).toBeVisible();
  });
}
