"""Exports in the shapes of three CRMs, made up as their documentation describes them."""

from __future__ import annotations

HUBSPOT_DEALS = '''\
Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Create Date,Associated Company,\
"Date entered ""Appointment Scheduled (Sales Pipeline)""","Date entered ""Qualified To Buy (Sales Pipeline)""",\
"Date entered ""Contract Sent (Sales Pipeline)""","Date entered ""Closed Lost (Sales Pipeline)""",,
1,Acme - new,Closed Won,2026-02-16 10:00,Priya Nair,12500.0,2026-01-05 09:00,Acme,\
2026-01-05 09:00,2026-01-19 09:00,2026-02-02 09:00,,,
2,Delta - new,Closed Lost,2026-02-20 10:00,Priya Nair,900,2026-01-06 09:00,Delta,\
2026-01-08 09:00,2026-01-20 09:00,,2026-02-20 10:00,,
3,Eagle - new,Appointment Scheduled,2027-02-20 10:00,Priya Nair,,2026-01-07 09:00,Eagle,2026-01-09 09:00,,,,,
4,Ford - new,Closed Lost,2026-02-01 10:00,Priya Nair,,2026-01-08 09:00,Ford,,,,,,
'''
HUBSPOT_CONTACTS = """\
First Name,Last Name,Email,Company Name,Contact owner,Last Contacted,Lifecycle Stage
Ann,Lee,ann@example.com,Acme,Priya Nair (priya@example.com),2026-03-02 14:05,Opportunity
Bo,Roe,bo@example.com,Gulf,Priya Nair,2026-03-03 14:05,Lead
"""
SALESFORCE_DEALS = """\
"Opportunity Owner","Account Name","Opportunity Name","Stage",\
"Amount","Probability (%)","Close Date","Created Date"
"Priya Nair","Acme","Acme first","Closed Won","USD 12,500.00","100","4/2/2026","1/5/2026"
"Priya Nair","Delta","Delta first","Closed Lost","USD 100.00","0","3/4/2026","2/3/2026"
"Priya Nair","Eagle","Eagle first","Negotiation/Review","#N/A","90","12/11/2026","2/4/2026"
"Priya Nair","Ford","Ford first","Qualification","","10","12/11/2026","3/5/2026"
"Priya Nair","Acme","Add-on","Value Proposition","","50","12/11/2026","3/6/2026"
"Grand Totals (5 records)","","","","","","",""
"Confidential Information - Do Not Distribute"
"""
SALESFORCE_ACTIVITIES = """\
"Subject","Assigned","Company / Account","Date","Status","Task Subtype"
"Call","Priya Nair","Acme","3/13/2026","Completed","Call"
"Offer","Priya Nair","Acme","3/14/2026","Completed","Email"
"Visit","Priya Nair","Gulf","12/24/2026","Not Started","Call"
"""
PIPEDRIVE_DEALS = """\
Deal - Title\tDeal - Owner\tDeal - Organization\tDeal - Value\tDeal - Currency of Value\tDeal - Stage\t\
Deal - Status\tDeal - Deal created\tDeal - Won time\tDeal - Lost time\tDeal - Last stage change\tDeal - Label
Acme deal\tPriya Nair\tAcme\t8000\tUSD\tNegotiations Started\tWon\t2026-03-02 10:00:00\t2026-04-01 10:00:00\t\t\t
Delta deal\tPriya Nair\tDelta\t100\tUSD\tProposal Made\tLost\t2026-03-03 10:00:00\t\t2026-04-02 10:00:00\t\t
Eagle deal\tPriya Nair\tEagle\t100\tUSD\tDemo Scheduled\tOpen\t2026-03-04 10:00:00\t\t\t2026-03-20 10:00:00\t
Ford deal\tPriya Nair\tFord\tNULL\tUSD\tContact Made\tOpen\t2026-03-05 10:00:00\t\t\t-\t
"""
PIPEDRIVE_ACTIVITIES = """\
sep=;
Activity - Subject;Activity - Type;Activity - Organization;\
Activity - Assigned to user;Activity - Due date;Activity - Done
Call;Call;Acme;Priya Nair;2026-03-30;Done
Lunch;Lunch;Gulf;Priya Nair;2026-03-31;Done
Offer;Email;Gulf;Priya Nair;2026-03-31;Done
Visit;Meeting;Gulf;Priya Nair;2026-12-30;To do
"""
SHEET = """\
sep=;
Verkäufer;Kunde;Phase;Angelegt;Abschluss;Amount;Notiz
Priya Nair;Acme;Erstgespräch;05.03.2026;;;x
Priya Nair;Delta;Closed Won;06.03.2026;07.04.2026;12.500,00;
"""
