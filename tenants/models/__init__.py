"""The agency's side: everything here stands in the public schema."""

from tenants.models.agency import Agency, AgencyHost, StaffMembership
from tenants.models.company import ClientCompany, Domain
from tenants.models.entrance import StaffEntrance
from tenants.models.grant import HouseRulesAcceptance, StaffGrant, StaffTeam, StaffTeamMember, TeamGrant
from tenants.models.meta_app import AccountRoute, MetaApp, NumberRoute
from tenants.models.platform import FreeEntryLength
from tenants.models.quarantine import QuarantinedCall
from tenants.models.schedule import ScheduledRun
from tenants.models.template import SchemaTemplate
from tenants.models.work import WorkMark

__all__ = [
    "AccountRoute",
    "Agency",
    "AgencyHost",
    "ClientCompany",
    "Domain",
    "FreeEntryLength",
    "HouseRulesAcceptance",
    "MetaApp",
    "NumberRoute",
    "QuarantinedCall",
    "ScheduledRun",
    "SchemaTemplate",
    "StaffEntrance",
    "StaffGrant",
    "StaffMembership",
    "StaffTeam",
    "StaffTeamMember",
    "TeamGrant",
    "WorkMark",
]
