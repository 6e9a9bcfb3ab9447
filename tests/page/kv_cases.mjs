// The key/value browser and editor.

import { check, eventually, test } from "./cases.mjs";
import { askJson, checkLooks, kPhone, kScreens, picture, send, setHidden, withPage,
  writerAndReader } from "./pages.mjs";

let made = 0;

/** A folder for one case, with these keys in it. */
async function folderWith(writer, keys) {
  const folder = `page-test/${process.pid}-${++made}/`;
  for (const [name, value] of Object.entries(keys)) await put(writer, folder + name, value);
  return folder;
}

async function put(url, key, value, query = "") {
  const answer = await send(url, `/v1/kv/${key}${query}`, { body: value });
  check(answer.ok && await answer.text() === "true", `${key} is set`);
}

async function valueAt(url, key) {
  const answer = await send(url, `/v1/kv/${key}?raw`, { method: "GET" });
  return answer.status === 404 ? null : answer.text();
}

async function flagsAt(url, key) {
  return (await askJson(url, `/v1/kv/${key}`))[0].Flags;
}

function shownValue(page) {
  return page.textContent(".value-card > div > .value");
}

function button(page, name) {
  return page.getByRole("button", { name, exact: true });
}

function press(page, name) {
  return button(page, name).click();
}

const kBox = "#value-box";

async function edit(page, text) {
  await press(page, "Edit");
  await page.fill(kBox, text);
}

test("page: keys lie in folders, with the way back, and an address of their own", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { "deep/er/key": "down here", "top": "up here" });
  await withPage(browser, writer, { view: `kv/${folder}` }, async (page) => {
    await page.waitForSelector(".entries li >> nth=1");
    check((await page.locator(".entries li").allTextContents()).join() === "deep/,top", "a folder and a key");
    await page.click("text=deep/");
    await page.click("text=er/");
    await page.click(".entries >> text=key");
    await eventually(5, "the value", async () => await shownValue(page) === "down here");
    await page.reload();
    await eventually(5, "the value, after a reload", async () => await shownValue(page) === "down here");
    await page.click(".crumbs >> text=deep");
    await page.waitForSelector(".entries >> text=er/");
    await page.goBack();
    await eventually(5, "the value, after going back", async () => await shownValue(page) === "down here");
  });
});

test("page: names with blanks, umlauts, question marks and a slash at the end", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { "k%C3%A4se%20%3F%26%23%25": "odd", "sub/": "a key named as a folder" });
  await withPage(browser, writer, { view: `kv/${folder}` }, async (page) => {
    await page.click(".entries >> text=käse ?&#%");
    await eventually(5, "the odd key's value", async () => await shownValue(page) === "odd");
    await page.goBack();
    await page.click(".entries >> text=sub/");
    await page.click(".entries >> text=(the key of this folder's name)");
    await eventually(5, "the value", async () => await shownValue(page) === "a key named as a folder");
    await page.reload();
    await eventually(5, "the value, after a reload", async () => await shownValue(page) === "a key named as a folder");
  });
});

test("page: a folder and a value change by themselves", async (browser) => {
  const { writer, reader } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, reader, { view: `kv/${folder}` }, async (page) => {
    await page.waitForSelector(".entries >> text=one");
    await put(writer, `${folder}two`, "2");
    await page.click(".entries >> text=two");
    await eventually(5, "the value", async () => await shownValue(page) === "2");
    await put(writer, `${folder}two`, "two");
    await eventually(5, "the new value", async () => await shownValue(page) === "two");
    await send(writer, `/v1/kv/${folder}two`, { method: "DELETE" });
    await page.waitForSelector("text=There is no such key.");
  });
});

test("page: a key is made with the keyboard alone", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, writer, { view: `kv/${folder}` }, async (page) => {
    await button(page, "New key").waitFor();
    const focused = () => page.evaluate(() => document.activeElement.textContent);
    for (let tabs = 0; tabs < 20 && await focused() !== "New key"; ++tabs) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.type("made");
    await page.keyboard.press("Tab");
    await page.keyboard.type("by\nhand");
    await page.keyboard.press("Control+Enter");
    await eventually(5, "its page", async () => await shownValue(page) === "by\nhand");
    check(await valueAt(writer, `${folder}made`) === "by\nhand", "it is stored");
  });
});

test("page: a new key overwrites none that is there, and keeps what was typed", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, writer, { view: `kv/${folder}` }, async (page) => {
    await press(page, "New key");
    await page.fill("#new-name", `${folder}one`);
    await page.fill("#new-value", "mine");
    await press(page, "Create");
    await page.waitForSelector(".trouble:visible >> text=already");
    check(await page.inputValue("#new-value") === "mine", "the text is kept");
    check(await valueAt(writer, `${folder}one`) === "1", "the other is as it was");
    await page.reload();
    check(await page.inputValue("#new-value") === "mine", "the text is kept over a reload");
  });
});

test("page: a value is edited and saved with its flags; Ctrl+Enter saves, Escape leaves", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, {});
  await put(writer, `${folder}one`, "1", "?flags=42");
  await withPage(browser, writer, { view: `kv/${folder}one` }, async (page) => {
    await edit(page, "2");
    await press(page, "Save");
    await eventually(5, "the new value", async () => await shownValue(page) === "2");
    check(await flagsAt(writer, `${folder}one`) === 42, "the flags are as they were");
    await edit(page, "3");
    await page.keyboard.press("Control+Enter");
    await eventually(5, "the newest value", async () => await shownValue(page) === "3");
    await press(page, "Edit");
    await page.keyboard.press("Escape");
    await page.waitForSelector(kBox, { state: "hidden" });
    check(await page.evaluate(() => document.activeElement.className) === "main edit", "the focus is back");
  });
});

test("page: what is typed survives Escape, a look elsewhere and a reload", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, writer, { view: `kv/${folder}one` }, async (page) => {
    await edit(page, "half a thou");
    await page.keyboard.press("Escape");
    await page.waitForSelector("text=Throw away what you typed?");
    await page.keyboard.press("Escape");
    check(await page.inputValue(kBox) === "half a thou", "Escape alone throws nothing away");
    await page.click(".crumbs a >> nth=-1");
    await page.waitForSelector(".entries >> text=not saved");
    await page.click(".entries >> text=one");
    await eventually(5, "it is there again", async () => await page.inputValue(kBox) === "half a thou");
    await page.reload();
    await eventually(5, "it is there after a reload", async () => await page.inputValue(kBox) === "half a thou");
    await press(page, "Cancel");
    await press(page, "Throw it away");
    await eventually(5, "the value as it was", async () => await shownValue(page) === "1");
    check(await valueAt(writer, `${folder}one`) === "1", "nothing was stored");
  });
});

test("page: nobody's change is overwritten unseen", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, writer, { view: `kv/${folder}one` }, async (page) => {
    await edit(page, "mine");
    await put(writer, `${folder}one`, "theirs");
    await page.waitForSelector(".clash:visible");
    check(await page.textContent(".clash .value") === "theirs", "theirs is shown");
    check(await page.inputValue(kBox) === "mine", "mine is kept");
    await picture(page, "kv-clash-desktop-light");
    await press(page, "Save mine over it");
    await eventually(5, "mine is stored", async () => await valueAt(writer, `${folder}one`) === "mine");
    await edit(page, "mine again");
    await send(writer, `/v1/kv/${folder}one`, { method: "DELETE" });
    await page.waitForSelector("text=Somebody deleted this key");
    await press(page, "Leave it deleted");
    await page.waitForSelector("text=There is no such key.");
    check(await valueAt(writer, `${folder}one`) === null, "it stays deleted");
  });
});

test("page: a save that comes too late is noticed, though the page had not heard of the change", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, writer, { view: `kv/${folder}one` }, async (page, seen) => {
    await edit(page, "mine");
    await setHidden(page, true); // so it asks for nothing
    await eventually(5, "it has not heard", () => seen.waiting.size === 0);
    await put(writer, `${folder}one`, "theirs");
    await press(page, "Save");
    await page.waitForSelector(".clash:visible");
    check(await valueAt(writer, `${folder}one`) === "theirs", "theirs is as it was");
    await setHidden(page, false);
    await press(page, "Keep theirs");
    await eventually(5, "theirs is shown", async () => await shownValue(page) === "theirs");
  });
});

test("page: line ends of the value stay as they are", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { dos: "a\r\nb\r\n", mixed: "a\r\nb\n" });
  await withPage(browser, writer, { view: `kv/${folder}dos` }, async (page) => {
    await edit(page, "a\nb\nc");
    await press(page, "Save");
    await eventually(5, "it is stored", async () => await valueAt(writer, `${folder}dos`) === "a\r\nb\r\nc");
    await page.goto(`${writer}/ui/#/kv/${folder}mixed`);
    await button(page, "Delete").waitFor();
    check(await page.locator("button.edit").count() === 0, "mixed line ends are not edited");
  });
});

test("page: a value that is no text is shown as such and not edited", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { bytes: new Uint8Array([0, 255, 16, 200]), empty: "" });
  await withPage(browser, writer, { view: `kv/${folder}bytes` }, async (page) => {
    await page.waitForSelector("text=The value is not text");
    check(await page.textContent(".value-card pre") === "00 ff 10 c8", "its bytes");
    check(await page.locator("button.edit").count() === 0, "no way to edit it");
    check((await page.getAttribute("text=Download it", "href")).endsWith("bytes?raw"), "a way to have it");
    await page.goto(`${writer}/ui/#/kv/${folder}empty`);
    await edit(page, "no longer");
    await press(page, "Save");
    await eventually(5, "it is stored", async () => await valueAt(writer, `${folder}empty`) === "no longer");
  });
});

test("page: deleting asks first, and spares what was changed meanwhile", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, writer, { view: `kv/${folder}one` }, async (page) => {
    await press(page, "Delete");
    await page.keyboard.press("Escape");
    check(await valueAt(writer, `${folder}one`) === "1", "Escape keeps it");
    await press(page, "Delete");
    await press(page, "Delete it");
    await page.waitForSelector("text=There is no such key.");
    check(await valueAt(writer, `${folder}one`) === null, "it is gone");
  });
});

test("page: where nothing may be changed nothing is offered, and it says why", async (browser) => {
  const { writer, reader } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, reader, { view: `kv/${folder}` }, async (page) => {
    await page.waitForSelector("text=You can look only.");
    check(!await button(page, "New key").isVisible(), "no new key");
    await page.click(".entries >> text=one");
    await page.waitForSelector("text=You can look only.");
    check(await page.locator(".value-card button:visible").count() === 0, "no button");
    await picture(page, "kv-look-only-desktop-light");
  });
});

test("page: a refused save says why, and keeps what was typed", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  const refusals = [[403, "not from here"], [500, "No cluster leader"]];
  await withPage(browser, writer, { view: `kv/${folder}one` }, async (page) => {
    await edit(page, "mine");
    for (const [status, body] of refusals) {
      await page.route(/cas=/, (route) => route.fulfill({ status, body }), { times: 1 });
      await press(page, "Save");
      const words = status === 403 ? "Not from here" : "The cluster has no leader";
      await page.waitForSelector(`.editor .trouble >> text=${words}`);
      check(await page.inputValue(kBox) === "mine", "the text is kept");
    }
    await page.context().setOffline(true);
    await press(page, "Save");
    await page.waitForSelector(".editor .trouble >> text=This node does not answer");
    check(await page.inputValue(kBox) === "mine", "the text is kept without a connection");
    await page.context().setOffline(false);
    await press(page, "Save");
    await eventually(5, "it is stored", async () => await valueAt(writer, `${folder}one`) === "mine");
  });
});

const kPlaces = ".crumbs a, .crumbs h2, .entries a, .quiet, .value, button, label, .held-by, .tag, .clash p";

for (const { screen, viewport, colorScheme } of kScreens) {
  test(`page: kv: ${screen}, ${colorScheme}: nothing sticks out, text has contrast, no errors`, async (browser) => {
    const { writer } = await writerAndReader();
    const long = "a-rather-long-name-without-any-blank-in-it-that-a-phone-has-no-room-for";
    const folder = await folderWith(writer, { "app/name": "x", "settings.json": '{\n  "size": "big"\n}\n', [long]: "long ".repeat(99) });
    const options = { viewport, colorScheme, view: `kv/${folder}` };
    await withPage(browser, writer, options, async (page, seen) => {
      const look = async (name) => {
        await picture(page, `kv-${name}-${screen}-${colorScheme}`);
        await checkLooks(page, seen, { url: writer, colorScheme, places: kPlaces });
      };
      await page.waitForSelector(".entries li >> nth=2");
      await press(page, "New key");
      await look("folder");
      await press(page, "Cancel");
      await page.click(`.entries >> text=${long}`);
      await button(page, "Delete").waitFor();
      await look("value");
      await page.goto(`${writer}/ui/#/kv/${folder}settings.json`);
      await edit(page, '{\n  "size": "small"\n}\n');
      await press(page, "Cancel");
      await button(page, "Throw it away").waitFor();
      await look("editor");
    });
  });
}

test("page: a screen reader finds the parts of the editor", async (browser) => {
  const { writer } = await writerAndReader();
  const folder = await folderWith(writer, { one: "1" });
  await withPage(browser, writer, { viewport: kPhone, view: `kv/${folder}one` }, async (page) => {
    check(await page.getByRole("navigation", { name: "You are here" }).count() === 1, "the way here");
    await page.getByRole("button", { name: "Edit" }).click();
    check(await page.getByRole("form", { name: `Edit ${folder}one` }).count() === 1, "a named form");
    await page.getByRole("textbox", { name: /Value/ }).fill("2");
    await page.getByRole("button", { name: "Save" }).click();
    await eventually(5, "it is told", async () =>
      (await page.textContent("#announcement")).endsWith("one is saved"));
  });
});
