"""Paper: content as blocks, composed from templates, printed as PDF and .docx. No case data is read here."""
