"""The plan's ledger (任务台账): what the plan set, who answers for it now, what proves it, what is told of it.

reading: the plan's text, row by row; keeping: into the ledger, once; evidence: what can prove a task; standing: done,
late, continuing, unclear as derived; scoring: a unit's score; dossier and sampling: what an evaluation is handed.
"""
