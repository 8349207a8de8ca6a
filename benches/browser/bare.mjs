// Serves bare copies of pages: the same words, no look. The floor of what any page could reach.

import http from 'node:http';
import { brotliCompressSync } from 'node:zlib';

export class Bare {
  static async start() {
    const bare = new Bare();
    bare.pages = [];
    bare.server = http.createServer((request, response) => {
      const page = bare.pages[Number(request.url.slice(1))];
      if (!page) return response.writeHead(404).end();
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-encoding': 'br',
        'content-length': page.length,
      });
      response.end(page);
    });
    await new Promise((done, fail) => bare.server.once('error', fail).listen(0, '127.0.0.1', done));
    return bare;
  }

  /** Puts one up and gives its address. */
  copy(html) {
    this.pages.push(brotliCompressSync(html));
    return `http://localhost:${this.server.address().port}/${this.pages.length - 1}`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
