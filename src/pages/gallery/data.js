"use strict";
/** The data of a gallery: what the native side writes into the page as JSON. */
Object.defineProperty(exports, "__esModule", { value: true });
