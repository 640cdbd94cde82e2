// The public page of a session, fed over a socket.

import { block } from "./dom.mjs";
import { cover, keepTime, linked, show } from "./picture.mjs";
import { follow } from "./store.mjs";

const config = block("config");
const store = follow({ live: config.live, audience: config.audience, url: config.view_url, onView: show, onLink: linked, onCurtain: cover });
keepTime(store.now);
