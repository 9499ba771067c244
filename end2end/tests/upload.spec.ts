// A large file: sent in parts, over a connection that is lost on the way and a page that is closed; it arrives and plays.
import { writeFileSync } from "node:fs";
import { expect, test } from "./story";

/** The boxes of an MP4 around nothing, as large as they are told to be. */
function film(megabytes: number): Buffer {
  const head = Buffer.concat([
    Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "latin1"),
    Buffer.from("\0\0\0\x10moov\0\0\0\x08mvhd", "latin1"),
  ]);
  const rest = Buffer.alloc(megabytes * 1024 * 1024 - head.length, megabytes);
  for (let at = 0; at < rest.length; at += 4096) rest.writeUInt32BE(at, at);
  rest.writeUInt32BE(rest.length, 0);
  rest.write("mdat", 4, "latin1");
  return Buffer.concat([head, rest]);
}

test("a trailer of 64 MB arrives over a lost connection and a closed page", async ({ somebody }, info) => {
  test.setTimeout(180_000);
  const alex = await somebody("Alex");
  await alex.signIn("alex.creator@demo.test", "Demo-pitchey-1");
  await alex.open("/creator/pitches/new");
  await alex.field("Title").fill(`Large ${Date.now().toString(36)}`);
  await alex.button("Save draft").click();
  await alex.page.waitForURL(/\/edit$/);
  await alex.settled();
  const path = info.outputPath("trailer.mp4");
  writeFileSync(path, film(64));

  const material = () => alex.page.getByRole("listitem").filter({ has: alex.page.getByRole("heading", { name: "Trailer", exact: true }) });
  const choose = async () => {
    await alex.page.locator("#upload-trailer").setInputFiles(path);
    await material().getByRole("button", { name: /^Upload/ }).click();
  };
  // Slow enough that something can happen on the way.
  const devtools = await alex.page.context().newCDPSession(alex.page);
  await devtools.send("Network.enable");
  const line = (how: "slow" | "fast" | "lost") =>
    devtools.send("Network.emulateNetworkConditions", {
      offline: how === "lost", latency: 0, downloadThroughput: -1, uploadThroughput: how === "slow" ? 6 * 1024 * 1024 : -1,
    });
  const percent = async () => Number.parseInt((await material().locator(".transfer-figures").textContent()) ?? "0", 10);
  const before = alex.errors.length;

  await line("slow");
  await choose();
  await expect.poll(percent).toBeGreaterThan(10);
  await line("lost");
  await expect(material().getByRole("status")).toContainText("The connection is lost");
  const kept = await percent();
  await line("slow");
  await expect(material().getByRole("status")).toContainText("Sending", { timeout: 15_000 });
  await expect.poll(percent, { timeout: 20_000 }).toBeGreaterThan(kept);

  // Paused, it stands still; the page is closed, and the next one says what is here already.
  await material().getByRole("button", { name: "Pause" }).click();
  await expect(material().getByRole("status")).toContainText("Paused");
  const paused = await percent();
  await alex.page.waitForTimeout(1_500);
  expect(await percent()).toBe(paused);
  await alex.page.reload();
  await alex.settled();
  await expect(material()).toContainText(/MB of 64\.0 MB are here\. Choose the same file again/);

  await line("fast");
  await choose();
  await expect(material().getByRole("link", { name: "trailer.mp4" })).toBeVisible({ timeout: 60_000 });
  await expect(material()).toContainText("MP4 video, 64.0 MB, version 1");
  await expect(material().getByRole("link", { name: "Receipt" })).toBeVisible();
  // What was broken off on purpose is noted by the browser; nothing else is.
  const noted = alex.errors.splice(before);
  expect(noted.filter((error) => !/ERR_INTERNET_DISCONNECTED|ERR_ABORTED|ERR_FAILED|status of 409/.test(error))).toEqual([]);

  await alex.page.getByRole("link", { name: "signer" }).click();
  await expect(alex.page.locator("video")).toHaveAttribute("src", /^\/files\//);
});
