// Moves the countdowns of the public list on, by the server's clock.

import { block } from "../live/dom.mjs";
import { tick } from "../live/parts.mjs";

const ahead = Date.parse(block("now")) - Date.now();
const move = () => tick(document, Date.now() + ahead);
move();
setInterval(move, 1000);
