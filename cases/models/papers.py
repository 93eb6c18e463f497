"""Papers of a proceeding: forms to be signed, drafts written in Word, issue, correction, the seal register.

A seal is never drawn: the paper is stamped by hand, and the register says which, when, how many copies.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import blank_forms, drafting
from cases.documents.template import chinese_date, load
from cases.errors import DomainError
from cases.models.repair import standing_steps
from cases.stepping import act, steps_of

if TYPE_CHECKING:
    from cases.entry import Entry

OUT = ("issued", "sealed", "served", "archived")  # states of a paper that has left the desk


def later(words: Any) -> DomainError:
    """What waits for another part of the file's life: refused with the reason, but not offered as forbidden."""
    return DomainError("later", words)


def no_drafts(row: Any) -> DomainError | None:
    """Why nothing can be done to a draft where there is none."""
    kinds = [template.kind for template in drafting.drafted_for(row.kind)]
    if row.documents.filter(state="draft", kind__in=kinds).exists():
        return None
    return later(_("本程序没有拟稿，请先“拟制文书”。"))


def nothing_issued(row: Any) -> DomainError | None:
    """Why no paper can be corrected or sealed before one is issued."""
    if row.documents.filter(state__in=OUT).exists():
        return None
    return later(_("本程序还没有签发的文书。"))


def no_template(row: Any) -> DomainError | None:
    """Why nothing can be drafted where no kind of paper is written by hand."""
    return None if drafting.drafted_for(row.kind) else later(_("本类程序没有需要另行拟制的文书。"))


def no_form(row: Any) -> DomainError | None:
    """Why no form can be printed where parties sign none."""
    return None if blank_forms.of_kind(row.kind) else later(_("本类程序没有需要当事人填写的表单。"))


class Papers:
    """Mixin of `Proceeding`; `self` is the locked row."""

    def paper_data(self: Any, kind: str) -> dict[str, Any]:
        """What a paper of this kind takes from the proceeding beside the context of every document."""
        return {
            "outcome": str(self.outcome_label),
            "mediators": "、".join(_people(self)),
            "course": _course(self),
            "office": f"{self.body.name}办公室" if self.body is not None else "",
        }

    @act(label=_("打印表单"), rare=True, ready=no_form)
    def print_form(self: Any, entry: "Entry") -> None:
        """打印表单：用案件已有的信息填好，由当事人签名后扫描归入材料。"""
        kind, party = entry.data["form"], entry.data.get("party")
        known = {**blank_forms.known(self, party), **self.known_to_forms(kind)}
        entry.paper(kind, how=drafting.Form(), **known)
        entry.note(form=kind)

    @act(label=_("拟制文书"), rare=True, ready=no_template)
    def draft_paper(self: Any, entry: "Entry") -> None:
        """拟制文书：按模板生成文稿，可下载为 Word 修改后收回。"""
        kind = entry.data["paper"]
        entry.paper(kind, how=drafting.NewDraft(), **self.paper_data(kind))
        entry.note(paper=kind)

    @act(label=_("收回修改稿"), rare=True, ready=no_drafts)
    def bring_back(self: Any, entry: "Entry") -> None:
        """收回修改稿：用 WPS 或者 Word 修改的文稿成为新的一稿，原稿保留在记录中。"""
        document, blocks = entry.data["draft"], entry.data["blocks"]
        evidence = entry.data["file"]
        evidence.title = str(_("修改稿：%(title)s") % {"title": document.title})
        entry.save(evidence)
        entry.paper(document.kind, how=drafting.Revised(document, tuple(blocks)))
        entry.note(document=document.pk, file=evidence.pk, was=document.digest, dropped=entry.data["dropped"])

    @act(label=_("签发文书"), rare=True, ready=no_drafts)
    def issue_paper(self: Any, entry: "Entry") -> None:
        """签发文书：内容自此不再改动；有误的，另行出具更正说明。"""
        document = entry.data["draft"]
        final = load(document.kind).final_step
        if final:
            raise DomainError(
                "issued_elsewhere",
                _("“%(title)s”由“%(step)s”生成定稿，文稿仅供协商修改。")
                % {"title": document.title, "step": steps_of(type(self))[final].label},
            )
        entry.paper(document.kind, how=drafting.Issued(document), **self.paper_data(document.kind))
        entry.note(document=document.pk)

    @act(label=_("作废文稿"), rare=True, grave=True, ready=no_drafts)
    def void_draft(self: Any, entry: "Entry") -> None:
        """作废文稿：不再使用的文稿留在记录中。"""
        document = entry.data["draft"]
        document.state = "void"
        entry.save(document)
        entry.note(document=document.pk, reason=entry.data["reason"])

    @act(label=_("更正文书"), rare=True, ready=nothing_issued)
    def correct_paper(self: Any, entry: "Entry") -> None:
        """更正文书：已签发的文书不改动，另出更正说明，写明更正哪一份、哪些内容。"""
        document = entry.data["document"]
        entry.paper(
            "paper_correction",
            addressees="、".join(party.name for party in self.case.parties.all()),
            paper_title=document.title,
            paper_number=document.number,
            paper_on=document.issued_on,
            paper_code=document.code,
            corrections=entry.data["corrections"],
            reason=entry.data["reason"],
        )
        entry.note(document=document.pk)

    @act(label=_("用印登记"), rare=True, ready=nothing_issued)
    def register_seal(self: Any, entry: "Entry") -> None:
        """用印登记：哪份文书、何日、盖了几份；盖章后的扫描件随文书保存。系统不生成印章。"""
        document, scan = entry.data["document"], entry.data.get("scan")
        document.sealed_on = entry.on
        if document.state == "issued":  # one served or filed since stays so
            document.state = "sealed"
        if scan is not None:
            document.scan = scan
            scan.title = str(_("盖章件：%(title)s") % {"title": document.title})
            entry.save(scan)
        entry.save(document)
        entry.note(document=document.pk, copies=entry.data["copies"], scan=scan.pk if scan else None)


def _people(row: Any) -> list[str]:
    """Who handles or handled it, by name, each once."""
    parts = row.participations.filter(cancelled=False).select_related("user").order_by("pk")
    names = [part.user.display_name for part in parts]
    return list(dict.fromkeys(names)) or ([row.handler.display_name] if row.handler_id else [])


def _course(row: Any) -> str:
    """The steps taken, each with its day: what was done, never what was said."""
    names, told = steps_of(type(row)), list[str]()
    for event in standing_steps(row):
        meta, day = names.get(event.name), event.occurred_on or event.known_on
        if meta is not None and event.name != "correct_record":
            told.append(f"{chinese_date(day)}{meta.label}")
    asked = "收到处理请求" if row.facts.judging else "收到申请"
    begun = [f"{chinese_date(row.received_on)}{asked}"] if row.received_on else []
    return "，".join([*begun, *told]) + ("。" if begun or told else "")
