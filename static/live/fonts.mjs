// Proof that every name of the roster is drawn by our own font, on this very screen.

const HALF = "50%";

/**
 * Name the characters of `text` that our font does not draw here; all of them if it did not load.
 * The same font once more at half its size tells them apart: what it draws is half as wide, and
 * what a font of the system has to draw is not.
 */
export async function lacking(text, fontUrl) {
  const half = new FontFace("evalsys-proof", `url("${fontUrl}")`, { sizeAdjust: HALF });
  try {
    document.fonts.add(await half.load());
    await document.fonts.load('100px "Noto Sans SC"', text);
  } catch {
    return text;
  }
  const pen = document.createElement("canvas").getContext("2d");
  const width = (character, family) => { pen.font = `100px ${family}`; return pen.measureText(character).width; };
  return [...text].filter((one) => width(one, "evalsys-proof") > 0.75 * width(one, '"Noto Sans SC"')).join("");
}
