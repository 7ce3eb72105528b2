// The start of a page that needs no program of its own.
import { begin } from "./page.js";

begin();
