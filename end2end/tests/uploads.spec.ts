// Files that are not what they say, or too large: a clear sentence, nothing kept, and the page goes on working.
import { expect, test } from "./story";

const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });

test("bad files are refused with a sentence each", async ({ somebody }) => {
  test.setTimeout(120_000);
  const alex = await somebody("Alex");
  await alex.signIn("alex.creator@demo.test", "Demo-pitchey-1");
  await alex.open("/creator/pitches/new");
  await alex.field("Title").fill(`Bad files ${Date.now().toString(36)}`);
  await alex.button("Save draft").click();
  await alex.page.waitForURL(/\/edit$/);
  await alex.settled();

  const bad = [
    ["Script", file("setup.pdf", "application/pdf", Buffer.concat([Buffer.from("MZ\x90\0"), Buffer.alloc(4096)]))],
    ["Script", file("half.pdf", "application/pdf", Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog"))],
    ["Poster", file("poster.png", "image/png", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'))],
    ["Poster", file("poster.jpg", "image/jpeg", Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2048)]))],
  ] as const;
  // A refusal is an answer of 422, which the browser notes in its console; that is what is meant to happen here.
  const before = alex.errors.length;
  for (const [label, payload] of bad) {
    const input = alex.page.locator("input[type=file]").and(alex.field(label));
    const form = alex.page.locator("form").filter({ has: input });
    await input.setInputFiles(payload);
    await form.getByRole("button", { name: "Upload" }).click();
    await expect(form.locator(".field-problem"), `${payload.name} is refused`).not.toBeEmpty();
    await expect(alex.page.getByRole("link", { name: payload.name })).toHaveCount(0);
  }
  const noted = alex.errors.splice(before);
  expect(noted.filter((error) => !error.includes("status of 422")), "nothing but the refusals").toEqual([]);

  // 51 MB are told in the browser before they are sent.
  const input = alex.page.locator("input[type=file]").and(alex.field("Script"));
  const form = alex.page.locator("form").filter({ has: input });
  await alex.page.evaluate((id) => {
    const chosen = new DataTransfer();
    chosen.items.add(new File([new Uint8Array(51 * 1024 * 1024)], "huge.pdf", { type: "application/pdf" }));
    const input = document.getElementById(id) as HTMLInputElement;
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, (await input.getAttribute("id"))!);
  await expect(form.locator(".field-problem")).toContainText(/the most we take here is 50/);
});
