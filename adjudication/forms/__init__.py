"""Input of the steps and acts of adjudication, litigation and disclosure; each form binds itself to its step."""
