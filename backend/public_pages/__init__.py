"""What a browser, a search engine and a chat window read of the visitor app before its script."""
