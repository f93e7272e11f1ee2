"""Writing an answer: drafts, quick replies, what the composer offers, what is asked before it leaves."""
